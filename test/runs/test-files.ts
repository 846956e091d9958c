import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DatdotError } from '../../src/domain/errors.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const TESTS = fileURLToPath(new URL('../', import.meta.url))

/** The compiled test files whose path holds one of the parts (all without parts), sorted, from the project's root. */
export function testFiles(parts: readonly string[]): string[] {
  const files = readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.test.js'))
    .map(name => relative(ROOT, join(TESTS, name)))
    .sort()
  for (const part of parts)
    if (!files.some(file => file.includes(part)))
      throw new DatdotError('BAD_ARGUMENT', `no test file has "${part}" in its path`)
  return parts.length === 0 ? files : files.filter(file => parts.some(part => file.includes(part)))
}
