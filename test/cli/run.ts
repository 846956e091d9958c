import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { programEnv } from '../helpers/program-env.ts'

const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url))

export interface Ran {
  code: number | null
  stdout: string
  stderr: string
}

export interface RunOptions {
  /** Text for stdin; null keeps stdin open. */
  input?: string | null
  env?: NodeJS.ProcessEnv
  cwd?: string
}

/** Starts the real program. */
export function start(args: readonly string[], options: RunOptions = {}): ChildProcess {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: programEnv(options.env),
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd })
  })
  if (options.input !== null) child.stdin?.end(options.input ?? '')
  return child
}

/** Runs the real program to its end. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const child = start(args, options)
  const ran: Ran = { code: null, stdout: '', stderr: '' }
  child.stdout?.setEncoding('utf8').on('data', chunk => {
    ran.stdout += chunk
  })
  child.stderr?.setEncoding('utf8').on('data', chunk => {
    ran.stderr += chunk
  })
  const [code] = await once(child, 'close')
  ran.code = code
  return ran
}

/** The JSON objects of some lines. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line))
}
