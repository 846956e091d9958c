import { readFileSync } from 'node:fs'

const ROOT = new URL('../../../', import.meta.url)

/** A parsed file of test/vectors. */
export function vectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`test/vectors/${name}`, ROOT), 'utf8')) as T
}
