import assert from 'node:assert/strict'
import test from 'node:test'
import { describeLack, lackOf, type PastHeads } from '../../../roles/supporter/lack.ts'
import type { ChainEvent } from '../../../src/domain/chain-events.ts'
import { DatdotError } from '../../../src/domain/errors.ts'
import type { RequestView } from '../../../src/domain/view.ts'
import { CORE } from '../../helpers/views.ts'

const WINDOW = 5
const tree = { fork: 0n, length: 1_000, byteLength: 255_000, treeHash: new Uint8Array(32) }
const forever = new AbortController().signal

/** Blocks with an event of a failed draw at some heights; `read` tells which were looked at. */
function chain(
  draws: Record<number, Partial<Extract<ChainEvent, { event: 'DrawFailed' }>>>,
  read: number[] = []
) {
  const heads = async function* (_: AbortSignal, { from }: { from: number }) {
    for (let height = from; ; height++) {
      read.push(height)
      const failed = {
        event: 'DrawFailed',
        core: CORE,
        slot: 0,
        missing: 'NoPinners',
        ...draws[height]
      } as const
      yield { height, events: draws[height] ? [failed] : [] }
    }
  }
  return { heads } as unknown as PastHeads
}

function request(changes: Partial<RequestView> = {}): RequestView {
  return { coreKey: CORE, slot: 0, requestId: 1n, seed: 8, attempt: 1, tree, ...changes }
}

const lack = (heads: PastHeads, view: RequestView, height: number) =>
  lackOf(heads, view, { height, seedWindow: WINDOW }, forever)

test('lack - what a draw lacked is found from the block of its seed on', async () => {
  const read: number[] = []
  const heads = chain({ 29: { missing: 'NoSigners' }, 32: { missing: 'Pinner' } }, read)
  assert.equal(await lack(heads, request(), 39), 'Pinner')
  assert.deepEqual(read, [30, 31, 32])
})

test('lack - draws of another core or slot are not taken for it', async () => {
  const heads = chain({ 30: { core: 'dd'.repeat(32) }, 31: { slot: 1 } })
  assert.equal(await lack(heads, request(), 33), null)
})

test('lack - a request that was not drawn yet lacks nothing, and reads nothing', async () => {
  const read: number[] = []
  assert.equal(await lack(chain({ 30: {} }, read), request({ attempt: 0 }), 39), null)
  assert.equal(await lack(chain({ 30: {} }, read), request(), 29), null)
  assert.deepEqual(read, [])
})

test('lack - a draw in a block that the node has dropped is not known, and no failure', async () => {
  const dropped = async function* () {
    yield* []
    throw new DatdotError('NOT_FOUND')
  }
  assert.equal(await lack({ heads: dropped }, request(), 39), null)
})

test('lack - each kind has its sentence, with the room that a pinner needs', () => {
  assert.equal(describeLack('NoPinners', tree), 'a first pinner')
  assert.equal(describeLack('NoSigners', tree), 'a first signer')
  assert.equal(describeLack('Pinner', tree), 'a pinner with 328.1 KiB free and no part in this core')
  assert.equal(describeLack('Signer', tree), 'a signer that is no pinner of this core')
  assert.equal(describeLack(null, tree), 'providers')
})
