import { z } from 'zod'
import { parseBytes, parseDat } from './domain/amounts.ts'
import { DatdotError } from './domain/errors.ts'
import { parseCoreKey } from './domain/ids.ts'

/** One setting as data: the same row makes the flag, the environment variable, the config key and the help. */
export interface Setting<T = unknown> {
  readonly kind: 'text' | 'flag' | 'list'
  readonly describe: string
  /** Takes the text of a flag or variable, or the JSON value of a config file. */
  readonly schema: z.ZodType<T>
  /** The default as help shows it. */
  readonly fallback?: string
  /** An act rather than a setting: never read from the environment or a file. */
  readonly flagOnly?: boolean
  /** May be left out without a default. */
  readonly optional?: boolean
}

export type Settings = { readonly [key: string]: Setting }
/** The validated values of a table of settings. */
export type Values<S extends Settings> = { [K in keyof S]: z.output<S[K]['schema']> }

interface Described {
  describe: string
  fallback?: string
  flagOnly?: boolean
}
type Optional<T, O> = O extends { optional: true } ? T | null : T

function setting<T, const O extends Described & { optional?: true }>(
  kind: Setting['kind'],
  base: z.ZodType<T>,
  options: O
): Setting<Optional<T, O>> {
  const schema = options.optional
    ? base.nullable().default(null as never)
    : options.fallback === undefined
      ? base
      : z
          .unknown()
          .default(options.fallback)
          .pipe(base as z.ZodType<T, unknown>)
  return { kind, ...options, schema: schema as unknown as z.ZodType<Optional<T, O>> }
}

type Options = Described & { optional?: true }

function parsed<T>(parse: (text: string) => T, expected: string): z.ZodType<T> {
  return z.union([z.string(), z.number()], { error: `expected ${expected}` }).transform((value, context) => {
    try {
      return parse(String(value))
    } catch (error) {
      if (!(error instanceof DatdotError)) throw error
      context.addIssue({ code: 'custom', message: error.message, params: { cause: error } })
      return z.NEVER
    }
  })
}

function reject(text: string, expected: string): never {
  throw new DatdotError('BAD_ARGUMENT', `"${text}" is not ${expected}`)
}

/** Any text that is not empty. */
export function text<const O extends Options>(options: O) {
  return setting('text', z.string({ error: 'expected text' }).min(1, 'expected text'), options)
}

/** On or off: a flag without a value, "true" or "false" in a variable. */
export function flag(options: Omit<Described, 'fallback'>) {
  const truth = z
    .union([z.boolean(), z.string()], { error: 'expected true or false' })
    .transform((value, context) => {
      if (value === true || value === 'true' || value === '1') return true
      if (value === false || value === 'false' || value === '0' || value === '') return false
      context.addIssue({ code: 'custom', message: `"${value}" is neither true nor false` })
      return z.NEVER
    })
  return { kind: 'flag', ...options, schema: z.unknown().default(false).pipe(truth) } satisfies Setting
}

/** One of some words. */
export function choice<const V extends readonly [string, ...string[]], const O extends Options>(
  words: V,
  options: O
): Setting<Optional<V[number], O>> {
  const described = { ...options, describe: `${options.describe} (${words.join(', ')})` }
  return setting('text', z.enum(words, { error: `expected one of ${words.join(', ')}` }), described) as never
}

/** A whole number between min and max. */
export function integer<const O extends Options>(range: { min: number; max: number }, options: O) {
  const expected = `a whole number from ${range.min} to ${range.max}`
  const parse = (given: string) => {
    const value = /^\d{1,16}$/.test(given) ? Number(given) : Number.NaN
    return value >= range.min && value <= range.max ? value : reject(given, expected)
  }
  return setting('text', parsed(parse, expected), options)
}

/** A size in bytes, as "10GB" or "512MiB". */
export function bytes<const O extends Options>(options: O) {
  return setting('text', parsed(parseBytes, 'a size like 10GB'), options)
}

/** An amount, as "12.5" or "12.5 DAT", in plancks. */
export function dat<const O extends Options>(options: O) {
  return setting('text', parsed(parseDat, 'an amount of DAT'), options)
}

/** A hypercore's key. */
export function coreKey<const O extends Options>(options: O) {
  return setting('text', parsed(parseCoreKey, 'a core key'), options)
}

/** A url with one of some protocols, each with its colon. */
export function url(protocols: readonly string[]): z.ZodType<string> {
  const expected = `a url that begins with ${protocols.map(one => `${one}//`).join(' or ')}`
  return parsed(given => {
    const valid = URL.canParse(given) && protocols.includes(new URL(given).protocol)
    return valid ? given : reject(given, expected)
  }, expected)
}

export interface Address {
  host: string
  port: number
}

/** "host:port". */
export function address(): z.ZodType<Address> {
  const expected = 'host:port'
  const parse = (given: string) => {
    const match = /^([A-Za-z0-9][A-Za-z0-9.-]{0,252}):(\d{1,5})$/.exec(given)
    const port = Number(match?.[2])
    return match?.[1] && port >= 1 && port <= 65535 ? { host: match[1], port } : reject(given, expected)
  }
  return parsed(parse, expected)
}

const MOST_ITEMS = 1_000

/** Several values: a repeated flag, or commas in between; an array in a file. */
export function list<T, const O extends Options>(item: z.ZodType<T>, options: O) {
  const split = (value: unknown) =>
    (Array.isArray(value) ? value : [value]).flatMap(one =>
      typeof one === 'string'
        ? one
            .split(',')
            .map(part => part.trim())
            .filter(Boolean)
        : [one]
    )
  const few = z.array(z.unknown()).max(MOST_ITEMS, `expected at most ${MOST_ITEMS} values`)
  return setting(
    'list',
    z.preprocess(split, few.pipe(z.array(item as z.ZodType<T, unknown>))) as unknown as z.ZodType<T[]>,
    options
  )
}

/** File names, each a word of the command line, commas and all. */
export function paths(options: Described) {
  return setting('list', z.array(z.string().min(1, 'expected a path')), options)
}
