import assert from 'node:assert/strict'
import test from 'node:test'
import { Supporter, type SupporterModules } from '../../../roles/supporter.ts'
import { DatdotError, type ErrorCode } from '../../../src/domain/errors.ts'
import type { NodeEvent } from '../../../src/events.ts'
import { constants } from '../../helpers/chain-facts.ts'
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
