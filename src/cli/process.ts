import { DatdotError } from '../domain/errors.ts'
import { createCli } from './cli.ts'
import { type Command, EXIT } from './command.ts'
import { asDatdotError, describeFailure, renderFailure } from './failure.ts'
import { wantsJson } from './parser.ts'

/** How long a process whose parent is gone may take to close: nobody is left to end it. */
const ORPHAN_MS = 5_000

/**
 * Runs this process's command line and ends the process. The first Ctrl-C or SIGTERM, the end of a parent that
 * listens, or of whoever reads stdout, closes in order; a second signal ends it at once, and so does time without a parent.
 */
export async function runProcess(commands: readonly Command[], version: string): Promise<void> {
  const argv = process.argv.slice(2)
  const json = wantsJson(argv, process.env)
  const aborting = new AbortController()
  const stop = (reason: string) => aborting.abort(new DatdotError('ABORTED', `stopped by ${reason}`))
  const signalled = (name: string) => {
    if (aborting.signal.aborted) process.exit(EXIT.failed)
    if (!json && process.stderr.isTTY) process.stderr.write('closing; once more ends it at once\n')
    stop(name)
  }
  process.on('SIGINT', () => signalled('Ctrl-C'))
  process.on('SIGTERM', () => signalled('SIGTERM'))
  if (process.channel)
    process.once('disconnect', () => {
      stop('the end of its parent')
      setTimeout(() => process.exit(EXIT.failed), ORPHAN_MS).unref()
    })
  process.stdout.on('error', () => stop('the end of its reader'))
  const crash = (error: unknown) => {
    process.stderr.write(renderFailure(describeFailure(asDatdotError(error)), json))
    process.stderr.write(error instanceof Error ? `${error.stack}\n` : '')
    process.exit(EXIT.failed)
  }
  process.on('unhandledRejection', crash)
  process.on('uncaughtException', crash)
  const cli = createCli({
    commands,
    version,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env
  })
  const code = await cli.run(argv, aborting.signal)
  await new Promise<void>(resolve => process.stdout.write('', () => resolve()))
  process.exit(code)
}
