import assert from 'node:assert/strict'
import { DatdotError, ERROR_TABLE } from '../../src/domain/errors.ts'

export function isOurs(error: unknown): error is DatdotError {
  return error instanceof DatdotError && Object.hasOwn(ERROR_TABLE, error.code)
}

/** What may come of anything that others say: a value, then null, or an error of ours; nothing else comes out. */
export async function answered(work: () => unknown): Promise<DatdotError | null> {
  try {
    await work()
    return null
  } catch (error) {
    assert.ok(isOurs(error), String(error))
    return error
  }
}
