import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { Ended, Program } from './program.ts'

/** Within this time a process has closed after it was told to: a promise to whoever operates it. */
const CLOSES_MS = 5_000

/** Does what closes something, which must be done in time. */
export async function inTime<T>(t: TestContext, what: string, close: () => Promise<T>): Promise<T> {
  const began = performance.now()
  const guard = new AbortController()
  const late = setTimeout(CLOSES_MS, undefined, { signal: guard.signal }).then(() =>
    assert.fail(`${what} did not close in ${CLOSES_MS} ms`)
  )
  late.catch(() => undefined)
  const closed = await Promise.race([close(), late])
  guard.abort()
  t.diagnostic(`${what}: closed after ${Math.round(performance.now() - began)} ms`)
  return closed
}

/** Ends a process by SIGTERM; it must close in order, with that exit code, and in time. */
export async function closes(
  t: TestContext,
  what: string,
  program: Program,
  code: 0 | 2 = 0
): Promise<Ended> {
  const ended = await inTime(t, what, () => program.stop('SIGTERM'))
  assert.deepEqual([ended.code, ended.signal], [code, null], `${what}: ${ended.stderr}`)
  return ended
}
