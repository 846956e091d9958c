import assert from 'node:assert/strict'
import { once } from 'node:events'
import test from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { CoreHandle } from '../../../roles/span.ts'
import { type Sample, Verifier, type VerifierDoor, type VerifierModules } from '../../../roles/verifier.ts'
import { DatdotError } from '../../../src/domain/errors.ts'
import type { Outcome } from '../../../src/domain/reports.ts'
import type { CopyView, RoleSlotView } from '../../../src/domain/view.ts'
import type { NodeEvent } from '../../../src/events.ts'
import { constants, params } from '../../helpers/chain-facts.ts'
import { copyView, ME, OTHER, spanView } from '../../helpers/views.ts'

/** The core that has a peer. */
const LAST = '05'.repeat(32)

const slot = (account: string): RoleSlotView => ({ account, since: 0, until: null }) as RoleSlotView

type Until = (now: { height: number; puts: number; events: NodeEvent[] }) => boolean

interface Setting {
  verifiers: string[]
  until: Until
  /** All random bytes. */
  random?: number
  accusedFails?: number
  copies?: CopyView[]
  blockTimeMs?: number
  peers?: VerifierDoor
}

const active = (id: number, changes: Partial<CopyView> = {}) =>
  copyView({
    id: BigInt(id),
    state: 'Active',
    firstPeriod: 1,
    pinner: 'dd'.repeat(32),
    spans: [],
    ...changes
  })

const sample = (outcome: Outcome): Sample => ({
  outcome,
  ttfbMs: null,
  kibPerS: 0,
  blocks: 0,
  bytes: 0,
  data: new Map(),
  reason: null
})

const unreachable = { measure: async () => sample('Unreachable') } as unknown as VerifierDoor

/** Runs a verifier of some active copies, 300 by default, until then, with a head at each turn of the event loop; counts what it reads and writes. */
async function run({
  verifiers,
  until,
  random = 255,
  accusedFails = 0,
  copies = Array.from({ length: 300 }, (_, id) => active(id)),
  blockTimeMs = constants.blockTimeMs,
  peers = unreachable
}: Setting) {
  const count = { period: 0, record: 0, put: 0 }
  const events: NodeEvent[] = []
  const abort = new AbortController()
  let height = 62
  const look = () => {
    if (until({ height, puts: count.put, events })) abort.abort()
  }
  const period = { index: 3, seed: new Uint8Array(32), verifierCount: verifiers.length, seedIndex: 9 }
  const modules = {
    context: {
      identity: { account: ME, noiseKey: ME },
      emit: (event: NodeEvent) => {
        events.push(event)
        look()
      },
      now: () => 0,
      random: (bytes: number) => new Uint8Array(bytes).fill(random)
    },
    chain: {
      constants: { ...constants, blockTimeMs },
      finalized: () => 0,
      heads: async function* () {
        for (height = 63; !abort.signal.aborted; height = Math.min(height + 1, 74)) {
          yield { height, events: [] }
          await setImmediate()
        }
      },
      copies: async function* () {
        yield* copies
      },
      provider: async () => ({ roles: ['verifier'] }),
      params: async () => params,
      verifierSlots: async () => verifiers.map(slot),
      period: async () => {
        count.period += 1
        return period
      },
      record: async () => {
        count.record += 1
        return null
      },
      accused: async () => {
        if (accusedFails-- > 0) throw new DatdotError('CHAIN_UNREACHABLE')
        return []
      },
      submit: async () => ({ height: 1 })
    },
    peers,
    notes: {
      entries: async function* () {},
      put: async () => {
        count.put += 1
        look()
      },
      delete: async () => undefined
    },
    cursor: { get: async () => null, put: async () => undefined }
  }
  await new Verifier(modules as unknown as VerifierModules).run(abort.signal)
  return { count, events }
}

test('verifier - reads once what it draws all copies of a period with, and keeps none that it was not drawn for', async () => {
  const verifiers = [OTHER, 'ee'.repeat(32), 'ff'.repeat(32)]
  const { count } = await run({ verifiers, until: ({ height }) => height === 74 })
  assert.deepEqual(count, { period: 2, record: 0, put: 0 })
})

test('verifier - keeps what it was drawn for', async () => {
  const { count } = await run({ verifiers: [ME], until: ({ puts }) => puts === 300 })
  assert.deepEqual(count, { period: 2, record: 0, put: 300 })
})

test('verifier - trouble with the chain is tried again and becomes no verdict', async () => {
  const until: Until = ({ events }) => events.some(event => event.type === 'measured')
  const { events } = await run({ verifiers: [ME], until, random: 0, accusedFails: 1 })
  const warnings = events.flatMap(event => (event.type === 'warning' ? [event.code] : []))
  assert.deepEqual(warnings, ['CHAIN_UNREACHABLE'])
})

/** Pinners that answer wrongly, of cores that only the last copy's has a peer for. */
const unserved: VerifierDoor = {
  measure: async () => sample('Served'),
  check: async () => ({
    leaves: async () => ({ peaks: [], leaves: [] }),
    receipt: async () => new Uint8Array(64),
    close: () => undefined
  }),
  open: async key => {
    const core: Pick<CoreHandle, 'keepTree' | 'forget' | 'close'> = {
      keepTree: async (_, { signal } = {}) => {
        if (key !== LAST) await once(signal as AbortSignal, 'abort').then(() => signal?.throwIfAborted())
      },
      forget: async () => undefined,
      close: async () => undefined
    }
    return core as CoreHandle
  }
}

test('verifier - cores that nobody serves leave their places to the others within the period', {
  timeout: 20_000
}, async t => {
  const spans = [spanView({ cells: 100, signer: OTHER })]
  const cores = ['01', '02', '03', '04'].map(byte => byte.repeat(32))
  const copies = [...cores, LAST].map((coreKey, id) => active(id, { coreKey, spans }))
  const until: Until = ({ events }) => t.signal.aborted || events.some(event => event.type === 'report')
  const { events } = await run({ verifiers: [ME], until, random: 0, copies, blockTimeMs: 1, peers: unserved })
  const reports = events.flatMap(event => (event.type === 'report' ? [event] : []))
  assert.deepEqual(reports, [{ type: 'report', copy: 4n, period: 3, outcome: 'WrongData' }])
  const warnings = events.flatMap(event => (event.type === 'warning' ? [event.code] : []))
  assert.ok(warnings.length >= 1 && warnings.every(code => code === 'CORE_UNAVAILABLE'))
})
