import { type DestinationStream, pino } from 'pino'
import { isDatdotError } from './domain/errors.ts'

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Facts of a log line; secrets are dropped by name, bytes become hex, bigint decimal, errors their code. */
export type Fields = Record<string, unknown>

/** What every part may say to the operator: a sentence and its facts. */
export interface Log {
  error(message: string, fields?: Fields): void
  warn(message: string, fields?: Fields): void
  info(message: string, fields?: Fields): void
  debug(message: string, fields?: Fields): void
  /** A log whose lines all carry these fields. */
  child(fields: Fields): Log
}

export interface LogOptions {
  level: LogLevel
  /** JSON lines, or one readable line each. */
  json: boolean
  /** Where a line goes, newline included. */
  write: (line: string) => void
}

const SECRET =
  /^(phrase|mnemonic|passphrase|password|secret|secretkey|minisecret|privatekey|noiseseed|der|token|authorization|.*secret)$/i
const HIDDEN = '[hidden]'
const MAX_DEPTH = 4
const MAX_ITEMS = 32
const MAX_BYTES = 64

function plainError(error: Error, depth: number): Fields {
  return {
    ...(isDatdotError(error) ? { code: error.code, ...plainFields(error.details, depth + 1) } : {}),
    name: error.name,
    message: error.message,
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: plain(error.cause, depth + 1) })
  }
}

function plain(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : value
  if (value instanceof Uint8Array) {
    const hex = Buffer.from(value.buffer, value.byteOffset, Math.min(value.byteLength, MAX_BYTES)).toString(
      'hex'
    )
    return value.byteLength > MAX_BYTES ? `${hex}… (${value.byteLength} bytes)` : hex
  }
  if (depth >= MAX_DEPTH) return '…'
  if (value instanceof Error) return plainError(value, depth)
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map(item => plain(item, depth + 1))
  return plainFields(value as Fields, depth + 1)
}

/** Fields as JSON can hold them, without secrets (by name), bounded in depth and size. */
export function plainFields(fields: Fields, depth = 0): Fields {
  const result: Fields = {}
  for (const [name, value] of Object.entries(fields).slice(0, 2 * MAX_ITEMS)) {
    result[name] = SECRET.test(name) ? HIDDEN : plain(value, depth)
  }
  return result
}

const COLUMN = 5

function escaped(control: string): string {
  return control === '\n' ? '\\n' : `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`
}

function readable(line: string): string {
  const { level, time, msg, ...fields } = JSON.parse(line) as Fields & {
    level: string
    time: string
    msg: string
  }
  const facts = Object.entries(fields).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return `${name}=${/^[^\s"=]+$/.test(text) ? text : JSON.stringify(text)}`
  })
  return `${[time, level.padEnd(COLUMN), msg, ...facts].join(' ').replace(/\p{Cc}/gu, escaped)}\n`
}

function wrap(logger: pino.Logger): Log {
  const at = (level: Exclude<LogLevel, 'silent'>) => (message: string, fields?: Fields) =>
    logger[level](fields === undefined ? {} : plainFields(fields), message)
  return {
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    child: fields => wrap(logger.child(plainFields(fields)))
  }
}

/** A log by pino; lines go to `write` at once, so that none is lost when the process dies. */
export function createLog(options: LogOptions): Log {
  const destination: DestinationStream = {
    write: line => options.write(options.json ? line : readable(line))
  }
  return wrap(
    pino(
      {
        level: options.level,
        base: null,
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: label => ({ level: label }) }
      },
      destination
    )
  )
}
