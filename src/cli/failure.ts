import { DatdotError, ERROR_TABLE } from '../domain/errors.ts'
import { plainFields } from '../log.ts'
import { EXIT, type ExitCode } from './command.ts'
import { toJson } from './json.ts'

/** What is said of a failure, on stderr. */
export interface Failure {
  code: string
  sentence: string
  message: string
  help: string
  details: Record<string, unknown>
}

/** Any thrown value as one of ours: the first of ours among it, its causes and its parts, else INTERNAL. */
export function asDatdotError(error: unknown): DatdotError {
  return (
    find(error, 0) ??
    new DatdotError('INTERNAL', error instanceof Error ? error.message : String(error), { cause: error })
  )
}

function find(error: unknown, depth: number): DatdotError | undefined {
  if (error instanceof DatdotError) return error
  if (!(error instanceof Error) || depth > 4) return undefined
  const parts = error instanceof AggregateError ? error.errors : []
  for (const part of [...parts, error.cause]) {
    const found = find(part, depth + 1)
    if (found) return found
  }
  return undefined
}

/** Code, sentence, facts and help of an error. */
export function describeFailure(error: DatdotError): Failure {
  const [sentence, help] = ERROR_TABLE[error.code]
  return { code: error.code, sentence, message: error.message, help, details: plainFields(error.details) }
}

/** A failure as lines for a person, or as one JSON line. */
export function renderFailure(failure: Failure, json: boolean): string {
  if (json) return `${toJson({ type: 'error', ...failure })}\n`
  const facts = failure.message === failure.sentence ? [] : [`  ${failure.message}`]
  return `${[`error ${failure.code}: ${failure.sentence}`, ...facts, `  help: ${failure.help}`].join('\n')}\n`
}

/** Incomplete when stopped, failed otherwise. */
export function exitCodeOf(error: DatdotError): ExitCode {
  return error.code === 'ABORTED' ? EXIT.incomplete : EXIT.failed
}
