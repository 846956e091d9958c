import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DatdotError, isDatdotError } from '../../src/domain/errors.ts'

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

/** Runs a program over test files; what it cannot do as it was called is told with how to call it, and 1. */
export async function runProgram(usage: string, program: () => Promise<void> | void): Promise<void> {
  try {
    await program()
  } catch (error) {
    const known =
      isDatdotError(error, 'BAD_ARGUMENT') ||
      String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS')
    if (!known) throw error
    process.stderr.write(`${(error as Error).message}\n\n${usage}`)
    process.exitCode = 1
  }
}
