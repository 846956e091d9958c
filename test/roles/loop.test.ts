import assert from 'node:assert/strict'
import test from 'node:test'
import { CopyBook } from '../../roles/copies.ts'
import { follow } from '../../roles/loop.ts'
import type { Head, RoleContext } from '../../roles/role.ts'
import { DatdotError, type ErrorCode } from '../../src/domain/errors.ts'
import type { NodeEvent } from '../../src/events.ts'
import { copyView, ME } from '../helpers/views.ts'

function context(events: NodeEvent[]): RoleContext {
  return {
    identity: { account: ME, noiseKey: ME },
    emit: event => events.push(event),
    random: count => new Uint8Array(count),
    now: () => 0
  }
}

/** Gives these heights, then waits for the signal as a chain does. */
async function* heads(heights: number[], abort: AbortController): AsyncGenerator<Head> {
  for (const height of heights) yield { height, events: [] }
  abort.abort()
}

async function run(
  heights: number[],
  options: { seen?: number; failures?: number; code?: ErrorCode; finalized?: number } = {}
) {
  const abort = new AbortController()
  const events: NodeEvent[] = []
  const [decided, noted]: [number[], number[]] = [[], []]
  let failures = options.failures ?? 0
  const reader = {
    copies: async function* () {
      failures -= 1
      if (failures >= 0) throw new DatdotError(options.code ?? 'CHAIN_UNREACHABLE')
      yield copyView()
    },
    copy: async () => null
  }
  const decide = (height: number) => {
    decided.push(height)
    return []
  }
  await follow(
    {
      context: context(events),
      chain: { heads: () => heads(heights, abort), finalized: () => options.finalized ?? 0 },
      book: new CopyBook(reader, () => true),
      cursor: {
        get: async () => options.seen ?? null,
        put: async height => {
          noted.push(height)
        }
      },
      decide
    },
    abort.signal
  )
  return { events, decided, noted }
}

test('follow - decides at each head and keeps its height', async () => {
  const { decided, noted } = await run([5, 6, 7])
  assert.deepEqual(decided, [5, 6, 7])
  assert.deepEqual(noted, [5, 6, 7])
})

test('follow - does nothing while the chain is behind what it has seen before', async () => {
  const { decided, events } = await run([5, 6, 7], { seen: 7 })
  assert.deepEqual(decided, [7])
  assert.equal(events.filter(event => event.type === 'waiting').length, 2)
})

test('follow - decides nothing on a chain that it could not read, and goes on when it can', async () => {
  const { decided, events } = await run([5, 6, 7], { failures: 2 })
  assert.deepEqual(decided, [7])
  const warnings = events.filter(event => event.type === 'warning')
  assert.deepEqual(
    warnings.map(event => event.code),
    ['CHAIN_UNREACHABLE', 'CHAIN_UNREACHABLE']
  )
})

test('follow - a node of the chain that fails to answer ends no role', async () => {
  const { decided } = await run([5, 6], { failures: 1, code: 'CHAIN_FAILED' })
  assert.deepEqual(decided, [6])
})

test('follow - decides nothing at heights that are over, and applies them all the same', async () => {
  const { decided, noted, events } = await run([5, 6, 7, 8, 9], { finalized: 9 })
  assert.deepEqual(decided, [7, 8, 9])
  assert.deepEqual(noted, [5, 6, 7, 8, 9])
  assert.equal(events.filter(event => event.type === 'height').length, 5)
})

test('follow - tells of what the account was paid', async () => {
  const abort = new AbortController()
  const events: NodeEvent[] = []
  const paid = { event: 'Paid', copy: 1n, period: 3, role: 'pinner', amount: 7n } as const
  async function* paying(): AsyncGenerator<Head> {
    yield {
      height: 1,
      events: [
        { ...paid, who: 'bb'.repeat(32) },
        { ...paid, who: ME, amount: 9n }
      ]
    }
    abort.abort()
  }
  await follow(
    {
      context: context(events),
      chain: { heads: paying, finalized: () => 0 },
      book: new CopyBook({ copies: async function* () {}, copy: async () => null }, () => true),
      cursor: { get: async () => null, put: async () => undefined },
      decide: () => []
    },
    abort.signal
  )
  const payments = events.filter(event => event.type === 'payment')
  assert.deepEqual(
    payments.map(event => event.amount),
    [9n]
  )
})

test('follow - ends with the error of a decision, also of one that a duty led to', async () => {
  const events: NodeEvent[] = []
  let asked = 0
  const decide = () => {
    asked += 1
    if (asked > 1) throw new DatdotError('INTERNAL', 'a decision that fails')
    return [{ key: 'one', run: async () => undefined }]
  }
  async function* waiting(signal: AbortSignal): AsyncGenerator<Head> {
    yield { height: 1, events: [] }
    if (!signal.aborted)
      await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
  }
  const run = follow(
    {
      context: context(events),
      chain: { heads: waiting, finalized: () => 0 },
      book: new CopyBook({ copies: async function* () {}, copy: async () => null }, () => true),
      cursor: { get: async () => null, put: async () => undefined },
      decide
    },
    new AbortController().signal
  )
  await assert.rejects(run, { message: 'a decision that fails' })
})

test('follow - goes on when the disk is too full to note its height', async () => {
  const abort = new AbortController()
  const events: NodeEvent[] = []
  const decided: number[] = []
  await follow(
    {
      context: context(events),
      chain: { heads: () => heads([1, 2], abort), finalized: () => 0 },
      book: new CopyBook({ copies: async function* () {}, copy: async () => null }, () => true),
      cursor: { get: async () => null, put: () => Promise.reject(new DatdotError('DISK_FULL')) },
      decide: height => {
        decided.push(height)
        return []
      }
    },
    abort.signal
  )
  assert.deepEqual(decided, [1, 2])
  assert.equal(events.filter(event => event.type === 'warning').length, 2)
})
