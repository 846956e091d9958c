import assert from 'node:assert/strict'
import test from 'node:test'
import { Signer, type SignerModules, type SignerNote } from '../../../roles/signer.ts'
import { DatdotError } from '../../../src/domain/errors.ts'
import type { CopyView } from '../../../src/domain/view.ts'
import { constants } from '../../helpers/chain-facts.ts'
import { CORE, copyView, ME } from '../../helpers/views.ts'
import { Deferred } from '../../wire/helpers.ts'

/** A signer on a chain of these copies; everything that it does to keys, data and notes is written down in order. */
function signerOf(copies: CopyView[], noted: [bigint, SignerNote][], fail: string[] = []) {
  const did: string[] = []
  const ended = new Deferred()
  const warned = new Deferred()
  const abort = new AbortController()
  const act = (what: string) => async () => {
    did.push(what)
    const at = fail.indexOf(what)
    if (at < 0) return
    fail.splice(at, 1)
    throw new DatdotError('DISK_FULL')
  }
  const wait = (_: unknown, { signal }: { signal: AbortSignal }) => {
    did.push('fetch')
    ended.resolve()
    return new Promise<void>((_, reject) => {
      signal.addEventListener('abort', () => reject(new DatdotError('ABORTED')), { once: true })
    })
  }
  const core = {
    keepTree: wait,
    waitForLength: wait,
    forget: act('forget'),
    purge: act('forget'),
    close: async () => undefined
  }
  const heads = new Deferred()
  const modules = {
    context: {
      identity: { account: ME, noiseKey: ME },
      emit: (event: { type: string }) => event.type === 'warning' && warned.resolve(),
      now: () => 0,
      random: (count: number) => new Uint8Array(count)
    },
    chain: {
      constants,
      finalized: () => 0,
      heads: async function* (signal: AbortSignal) {
        yield { height: 20, events: [] }
        await warned.promise
        yield { height: 21, events: [] }
        await heads.promise
        assert.ok(signal.aborted)
      },
      copiesOfSigner: async function* (account: string) {
        assert.equal(account, ME)
        yield* copies
      },
      provider: async () => ({ roles: ['signer'] })
    },
    cores: { open: async () => core },
    secrets: { names: async () => [], destroy: act('destroy key') },
    notes: {
      entries: async function* () {
        yield* noted
      },
      put: act('note'),
      delete: async () => {
        did.push('delete note')
        ended.resolve()
      }
    },
    cursor: { get: async () => null, put: async () => undefined }
  }
  const signer = new Signer({}, modules as unknown as SignerModules)
  const stop = async () => {
    await ended.promise
    abort.abort()
    warned.resolve()
    heads.resolve()
    await run
  }
  const run = signer.run(abort.signal)
  return { did, stop }
}

const note: SignerNote = { coreKey: CORE, start: 0, end: 100, cells: 0, peaks: [] }

test('signer - notes a span before it downloads any of its data', async () => {
  const { did, stop } = signerOf([copyView()], [])
  await stop()
  assert.deepEqual(did, ['note', 'fetch'])
})

test('signer - destroys the key first, then the data that a former run left, then its note', async () => {
  const { did, stop } = signerOf([], [[10n, note]])
  await stop()
  assert.deepEqual(did, ['destroy key', 'forget', 'delete note'])
})

test('signer - tries again to forget the data when that has failed', async () => {
  const { did, stop } = signerOf([], [[10n, note]], ['forget'])
  await stop()
  assert.deepEqual(did, ['destroy key', 'forget', 'destroy key', 'forget', 'delete note'])
})
