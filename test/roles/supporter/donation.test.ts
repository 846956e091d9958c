import assert from 'node:assert/strict'
import test from 'node:test'
import { Donation, type DonationNote } from '../../../roles/supporter/donation.ts'
import type { Snapshot } from '../../../src/chain-client/types.ts'
import { DatdotError, isDatdotError } from '../../../src/domain/errors.ts'
import type { NodeEvent } from '../../../src/events.ts'
import { CORE, ME } from '../../helpers/views.ts'

const LIFE = 3

/** A disk, and a chain on which a donation that was sent arrives with the head `arrives`; null for never. */
function donor({ arrives = 0 as number | null, dies = false, refuse = null as DatdotError | null } = {}) {
  const events: NodeEvent[] = []
  const state = {
    note: null as DonationNote | null,
    shares: 7n,
    value: 7n,
    sent: 0,
    pending: 0n,
    dies,
    refuse
  }
  const arrive = () => {
    if (state.pending === 0n) return
    state.shares = (state.value === 0n ? 0n : state.shares) + state.pending
    state.value = state.shares
    state.pending = 0n
  }
  const run = () =>
    new Donation(CORE, {
      chain: {
        snapshot: async () =>
          ({ shares: async () => ({ shares: state.shares, value: state.value }) }) as unknown as Snapshot,
        heads: async function* () {
          for (let height = 100; ; height++) {
            if (height - 100 === arrives) arrive()
            yield { height }
          }
        }
      },
      submit: async call => {
        if (state.refuse) throw state.refuse
        assert.ok(call.call === 'donate' && state.note !== null, 'noted before it is sent')
        state.sent += 1
        state.pending = call.amount
        if (state.dies) throw new DatdotError('ABORTED')
        arrive()
      },
      notes: {
        get: async () => state.note,
        put: async note => {
          state.note = note
        },
        delete: async () => {
          state.note = null
        }
      },
      callLife: LIFE,
      account: ME,
      emit: event => void events.push(event)
    })
  return { state, run, events }
}

const { signal } = new AbortController()

test('donation - a run that died after sending it is gone on with, and nothing is given twice', async () => {
  for (const arrives of [0, LIFE - 1]) {
    const { state, run, events } = donor({ arrives, dies: true })
    await assert.rejects(run().give(50n, 2, signal), { code: 'ABORTED' })
    state.dies = false
    for (let restart = 0; restart < 2; restart++)
      assert.deepEqual(await run().give(50n, 2, signal), { shares: 50n, isEarlier: true })
    assert.equal(state.sent, 1)
    assert.equal(state.shares, 57n)
    assert.equal(events.length, arrives === 0 ? 0 : 1)
  }
})

test('donation - what the pot has spent since is not given again', async () => {
  const { state, run } = donor({ dies: true })
  await assert.rejects(run().give(50n, 2, signal), { code: 'ABORTED' })
  state.dies = false
  for (let restart = 0; restart < 3; restart++) {
    assert.equal((await run().give(50n, 2, signal)).shares, 50n)
    state.shares = 0n
    state.value = 0n
  }
  assert.equal(state.sent, 1)
})

test('donation - to a pot that was spent, it is found though it began all shares anew', async () => {
  const { state, run } = donor({ dies: true })
  state.shares = 100n
  state.value = 0n
  await assert.rejects(run().give(50n, 2, signal), { code: 'ABORTED' })
  state.dies = false
  assert.equal((await run().give(50n, 2, signal)).shares, 50n)
  assert.equal(state.sent, 1)
})

test('donation - it is sent again once the first can be in no block any more', async () => {
  const { state, run } = donor({ arrives: null, dies: true })
  await assert.rejects(run().give(50n, 2, signal), { code: 'ABORTED' })
  state.dies = false
  assert.equal((await run().give(50n, 2, signal)).shares, 50n)
  assert.equal(state.sent, 2)
})

test('donation - with other words, or after the command has ended, it is another one', async () => {
  const { state, run } = donor()
  assert.deepEqual(await run().give(50n, 2, signal), { shares: 50n, isEarlier: false })
  assert.equal(await run().isBegun(50n, 2), true)
  assert.equal((await run().give(51n, 2, signal)).shares, 51n)
  assert.equal((await run().give(51n, 3, signal)).shares, 51n)
  await run().end()
  assert.equal(await run().isBegun(51n, 3), false)
  assert.equal((await run().give(51n, 3, signal)).shares, 51n)
  assert.equal(state.sent, 4)
})

test('donation - what the chain has refused is not begun', async () => {
  for (const code of ['CALL_REFUSED', 'FUNDS_LOW'] as const) {
    const { run } = donor({ refuse: new DatdotError(code) })
    await assert.rejects(run().give(50n, 2, signal), error => isDatdotError(error, code))
    assert.equal(await run().isBegun(50n, 2), false)
  }
})
