import { type Clock, systemClock } from '../clock.ts'
import { COMMON, type CommonConfig, loadConfig } from '../config.ts'
import { DatdotError, isDatdotError } from '../domain/errors.ts'
import { createLog } from '../log.ts'
import type { Settings } from '../settings.ts'
import { type Command, type Context, EXIT, type ExitCode } from './command.ts'
import { asDatdotError, describeFailure, exitCodeOf, renderFailure } from './failure.ts'
import { Output, type Sink } from './output.ts'
import { parseCommandLine, wantsJson } from './parser.ts'

/** What of the process a command line works with. */
export interface CliDeps {
  commands: readonly Command[]
  version: string
  stdin: NodeJS.ReadableStream
  stdout: NodeJS.WritableStream & Sink
  stderr: Sink
  env: NodeJS.ProcessEnv
  clock?: Clock
}

export interface Cli {
  /** Runs one command line to its end; never rejects. The signal asks it to close in order. */
  run(argv: readonly string[], signal: AbortSignal): Promise<ExitCode>
}

/** The command line over some streams: apart from the bin, so that it can be run anywhere. */
export function createCli(deps: CliDeps): Cli {
  const clock = deps.clock ?? systemClock
  return {
    run: async (argv, signal) => {
      const json = wantsJson(argv, deps.env)
      try {
        const columns = deps.stdout.columns ?? 100
        const parsed = await parseCommandLine(argv, {
          commands: deps.commands,
          version: deps.version,
          columns
        })
        if (parsed.kind === 'run') return await execute(deps, clock, parsed, signal)
        const to = parsed.asked ? deps.stdout : deps.stderr
        to.write(`${parsed.text}\n`)
        return parsed.asked ? EXIT.done : EXIT.failed
      } catch (error) {
        return fail(error, json, line => deps.stderr.write(line))
      }
    }
  }
}

function fail(error: unknown, json: boolean, write: (line: string) => void): ExitCode {
  const failure = asDatdotError(error)
  write(renderFailure(describeFailure(failure), json))
  return exitCodeOf(failure)
}

interface Chosen {
  command: Command
  flags: Record<string, unknown>
}

async function execute(
  deps: CliDeps,
  clock: Clock,
  { command, flags }: Chosen,
  signal: AbortSignal
): Promise<ExitCode> {
  const config = await configOf(deps, command, flags)
  const output = new Output({
    stdout: deps.stdout,
    stderr: deps.stderr,
    json: config.json,
    dataOnStdout: command.dataOnStdout?.({ ...config }) ?? false,
    clock
  })
  const log = createLog({ level: config.logLevel, json: config.json, write: line => output.log(line) })
  const { stdin, stdout, env, version } = deps
  const context: Context = { output, log, clock, signal, version, stdin, stdout, env }
  try {
    return (await command.run(context, config as never)) ?? EXIT.done
  } catch (error) {
    log.debug('the command failed', { error })
    const unforeseen = asDatdotError(error).code === 'INTERNAL'
    if (unforeseen) log.error('unforeseen failure', { error })
    return fail(error, config.json, line => output.log(line))
  } finally {
    output.end()
  }
}

/** A command's own settings by its name; another command's are known in a file or the environment, not used. */
async function configOf(
  deps: CliDeps,
  command: Command,
  flags: Record<string, unknown>
): Promise<CommonConfig> {
  const table: Settings = {
    ...command.settings,
    ...Object.fromEntries(
      Object.entries(command.positionals).map(([key, one]) => [key, { ...one, flagOnly: true }])
    )
  }
  const known = deps.commands.flatMap(one =>
    Object.keys(one.settings).filter(key => !one.settings[key]?.flagOnly && !Object.hasOwn(COMMON, key))
  )
  const role = typeof command.role === 'string' ? command.role : command.role(flags)
  try {
    return (await loadConfig(table, { role, flags, env: deps.env, known })) as CommonConfig
  } catch (error) {
    const key = error instanceof DatdotError ? String(error.details['key']) : ''
    if (!Object.hasOwn(flags, key) || !(error instanceof DatdotError)) throw error
    const name = Object.hasOwn(command.positionals, key)
      ? error.message.replace(/^--[a-z-]+/, `<${key}>`)
      : error.message
    const { cause } = error
    const code = isDatdotError(cause, 'BAD_KEY', 'BAD_AMOUNT') ? cause.code : 'BAD_ARGUMENT'
    throw new DatdotError(code, `${name} (see datdot ${command.name} --help)`, { cause: error })
  }
}
