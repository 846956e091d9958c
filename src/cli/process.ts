import { DatdotError } from '../domain/errors.ts'
import { createCli } from './cli.ts'
import { EXIT } from './command.ts'
import { COMMANDS } from './commands/index.ts'
import { asDatdotError, describeFailure, renderFailure } from './failure.ts'
import { wantsJson } from './parser.ts'

/**
 * Runs this process's command line and ends the process: the first Ctrl-C, SIGTERM, or the loss of the parent that
 * listens closes in order, the second ends it at once.
 */
export async function runProcess(version: string): Promise<void> {
  const argv = process.argv.slice(2)
  const json = wantsJson(argv, process.env)
  const aborting = new AbortController()
  const stop = (reason: string) => {
    if (aborting.signal.aborted) process.exit(EXIT.failed)
    if (!json && process.stderr.isTTY) process.stderr.write('closing; once more ends it at once\n')
    aborting.abort(new DatdotError('ABORTED', `stopped by ${reason}`))
  }
  process.on('SIGINT', () => stop('Ctrl-C'))
  process.on('SIGTERM', () => stop('SIGTERM'))
  if (process.channel) process.once('disconnect', () => stop('the end of its parent'))
  process.stdout.on('error', () => stop('the end of its reader'))
  const crash = (error: unknown) => {
    process.stderr.write(renderFailure(describeFailure(asDatdotError(error)), json))
    process.stderr.write(error instanceof Error ? `${error.stack}\n` : '')
    process.exit(EXIT.failed)
  }
  process.on('unhandledRejection', crash)
  process.on('uncaughtException', crash)
  const cli = createCli({
    commands: COMMANDS,
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
