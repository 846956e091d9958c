import assert from 'node:assert/strict'
import test from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { Supporter, type SupporterModules } from '../../../roles/supporter.ts'
import { DatdotError, type ErrorCode } from '../../../src/domain/errors.ts'
import type { NodeEvent } from '../../../src/events.ts'
import { constants, params } from '../../helpers/chain-facts.ts'
import { CORE, ME } from '../../helpers/views.ts'

/** Runs a supporter over three heads; reading the chain fails so at each of them. */
async function run(code: ErrorCode, stopFirst = false) {
  const events: NodeEvent[] = []
  const abort = new AbortController()
  const chain = {
    constants,
    heads: async function* () {
      for (const height of [1, 2, 3]) yield { height, events: [] }
    },
    snapshot: async () => {
      if (stopFirst) abort.abort()
      throw new DatdotError(code)
    }
  }
  const modules = { chain, account: ME, emit: (event: NodeEvent) => void events.push(event) }
  await new Supporter(CORE, modules as unknown as SupporterModules).run(abort.signal)
  return events.flatMap(event => (event.type === 'warning' ? [event.code] : []))
}

test('supporter - goes on when the chain could not be read', async () => {
  for (const code of ['CHAIN_UNREACHABLE', 'CHAIN_FAILED', 'NOT_FOUND'] as const)
    assert.deepEqual(await run(code), [code, code, code])
})

test('supporter - a read that the end has interrupted is no failure, anything else is', async () => {
  assert.deepEqual(await run('ABORTED', true), [])
  await assert.rejects(run('CHAIN_WRONG'), { code: 'CHAIN_WRONG' })
})

test('supporter - a draw that the chain refuses each time is sent ever more seldom, and is no trouble to tell of', async () => {
  const events: NodeEvent[] = []
  const sent: number[] = []
  const request = { requestId: 1n, slot: 0, seed: 0, attempt: 0 }
  let height = 0
  const snapshot = async () => ({
    height,
    core: async () => null,
    pot: async () => null,
    shares: async () => null,
    requests: async () => [request],
    copiesOf: async () => [],
    params: async () => params,
    periodAt: async () => null
  })
  const heads = async function* () {
    for (height = 1; height <= 16; height++) {
      yield { height, events: [] }
      await setImmediate()
    }
  }
  const submit = async () => {
    sent.push(height)
    throw new DatdotError('CALL_REFUSED')
  }
  const emit = (event: NodeEvent) => void events.push(event)
  const modules = { chain: { constants, heads, snapshot }, account: ME, submit, emit }
  await new Supporter(CORE, modules as unknown as SupporterModules).run(new AbortController().signal)
  assert.deepEqual(sent, [2, 3, 5, 9])
  assert.deepEqual(events, [])
})
