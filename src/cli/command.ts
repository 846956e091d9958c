import type { Clock } from '../clock.ts'
import type { CommonConfig } from '../config.ts'
import type { Log } from '../log.ts'
import type { Settings, Values } from '../settings.ts'
import type { Output } from './output.ts'

/** Done, failed, or stopped before everything asked for was done. */
export const EXIT = { done: 0, failed: 1, incomplete: 2 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** What a command gets to work with; it reaches for nothing else of the process. */
export interface Context {
  readonly output: Output
  readonly log: Log
  readonly clock: Clock
  /** Fires at the first Ctrl-C or SIGTERM: close in order, then return. */
  readonly signal: AbortSignal
  /** Version of this program. */
  readonly version: string
  readonly stdin: NodeJS.ReadableStream
  /** For data only (`--out -`); text goes through `output`. */
  readonly stdout: NodeJS.WritableStream
  /** For child processes. */
  readonly env: NodeJS.ProcessEnv
}

/** A command is data; `src/cli/README.md` shows how to add one. */
export interface Command {
  /** One or two words: "signer", "keys new". */
  readonly name: string
  readonly summary: string
  /** More than the summary, for its own --help. */
  readonly description?: string
  /** Names the default storage folder under the platform's data folder. */
  readonly role: string | ((values: Record<string, unknown>) => string)
  readonly positionals: Settings
  readonly settings: Settings
  readonly examples: readonly (readonly [command: string, what: string])[]
  /** True when stdout carries data, so that progress goes to stderr. */
  readonly dataOnStdout?: (config: Record<string, unknown>) => boolean
  run(context: Context, config: never): Promise<ExitCode | undefined>
}

type Spec<P extends Settings, S extends Settings> = Omit<Command, 'positionals' | 'settings' | 'run'> & {
  readonly positionals?: P
  readonly settings?: S
  /** Resolves with an exit code, none for 0; rejects with a DatdotError; ABORTED counts as incomplete. */
  run(context: Context, config: CommonConfig & Values<P> & Values<S>): Promise<ExitCode | undefined>
}

/** Types `run` by the command's own tables. */
export function defineCommand<const P extends Settings, const S extends Settings>(spec: Spec<P, S>): Command {
  return { ...spec, positionals: spec.positionals ?? {}, settings: spec.settings ?? {} }
}
