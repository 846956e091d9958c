import { open } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { DatdotError } from './domain/errors.ts'
import { LOG_LEVELS } from './log.ts'
import { address, choice, flag, list, type Settings, text, url, type Values } from './settings.ts'

/** Where the embedded chain listens unless told otherwise. */
const DEFAULT_CHAIN = 'ws://127.0.0.1:9944'

/** What every command takes. */
export const COMMON = {
  chain: list(url(['ws:', 'wss:']), {
    describe: 'chain to talk to; several urls are tried in turn',
    fallback: DEFAULT_CHAIN
  }),
  storage: text({ describe: "folder for everything this node keeps; else in the platform's data folder" }),
  passphraseFile: text({ describe: 'file with the passphrase that encrypts the key', optional: true }),
  bootstrap: list(address(), {
    describe: 'DHT nodes to begin with, host:port; none: the public ones',
    optional: true
  }),
  host: text({ describe: 'address to listen on; 127.0.0.1 keeps it on this machine', optional: true }),
  logLevel: choice(LOG_LEVELS, { describe: 'how much to log, on stderr', fallback: 'warn' }),
  json: flag({ describe: 'JSON lines instead of text' })
} as const satisfies Settings

export type CommonConfig = Values<typeof COMMON>

/** Variables that share our prefix but configure something else. */
const FOREIGN_VARIABLES = new Set([
  'DATDOT_VECTORS',
  'DATDOT_WASM_TOOLCHAIN',
  'DATDOT_TEST_VERBOSE',
  'DATDOT_TEST_CHAIN',
  'DATDOT_FUZZ_RUNS',
  'DATDOT_LONG'
])
const PREFIX = 'DATDOT_'
/** A config file has a dozen lines; what is larger was not meant as one. */
const MOST_FILE_BYTES = 2 ** 20
/** Letters of a wrong key or value that are repeated in a message. */
const MOST_LETTERS = 200

/** Where a configuration comes from; a later layer wins: file, environment, flags. */
export interface ConfigSources {
  /** Names the default storage folder. */
  role: string
  flags?: Record<string, unknown>
  env?: NodeJS.ProcessEnv
  /** Settings of other commands: known in a file or the environment, not used here. */
  known?: Iterable<string>
  platform?: NodeJS.Platform
  home?: string
}

type Layer = { source: (key: string) => string; values: Record<string, unknown> }

/** The platform's folder for programs' data, from XDG_DATA_HOME, Library or AppData. */
export function dataFolder(sources: Pick<ConfigSources, 'env' | 'platform' | 'home'> = {}): string {
  const env = sources.env ?? process.env
  const platform = sources.platform ?? process.platform
  const home = sources.home ?? (env['HOME'] || homedir())
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'datdot')
  if (platform === 'win32') return join(env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), 'datdot')
  const xdg = env['XDG_DATA_HOME']
  return join(xdg?.startsWith('/') ? xdg : join(home, '.local', 'share'), 'datdot')
}

/** "DATDOT_LOG_LEVEL" of "logLevel". */
export function variableOf(key: string): string {
  return PREFIX + key.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()
}

function environmentLayer(env: NodeJS.ProcessEnv, names: Set<string>): Layer {
  const keyOf = new Map([...names].map(name => [variableOf(name), name]))
  const values: Record<string, unknown> = {}
  for (const [variable, value] of Object.entries(env)) {
    if (!variable.startsWith(PREFIX) || FOREIGN_VARIABLES.has(variable) || !value) continue
    const key = keyOf.get(variable)
    if (key === undefined) throw bad(variable, `the environment variable ${variable} is not a setting`)
    values[key] = value
  }
  return { source: variableOf, values }
}

function shorten(text: string): string {
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : text
}

function bad(key: string, message: string, cause?: unknown): DatdotError {
  return new DatdotError('BAD_CONFIG', message, { cause, details: { key } })
}

async function fileLayer(path: string, required: boolean, names: Set<string>): Promise<Layer> {
  const source = (key: string) => `${key} in ${path}`
  let content: string
  try {
    content = await readText(path)
  } catch (error) {
    if (!required && ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      return { source, values: {} }
    }
    if (error instanceof DatdotError) throw error
    throw bad('config', `the config file ${path} cannot be read: ${(error as Error).message}`, error)
  }
  const values = parseObject(content, path)
  for (const key of Object.keys(values)) {
    if (!names.has(key)) throw bad(key, `"${shorten(key)}" in ${path} is not a setting`)
  }
  if (!required && 'storage' in values) {
    throw bad(
      'storage',
      `"storage" in ${path} would name its own folder: use --storage, or --config with another file`
    )
  }
  return { source, values }
}

async function readText(path: string): Promise<string> {
  const file = await open(path)
  try {
    const buffer = Buffer.alloc(MOST_FILE_BYTES + 1)
    let length = 0
    for (let read = -1; read !== 0 && length < buffer.length; length += read)
      read = (await file.read(buffer, length, buffer.length - length, null)).bytesRead
    if (length === buffer.length) throw bad('config', `the config file ${path} is larger than 1 MiB`)
    return buffer.toString('utf8', 0, length)
  } finally {
    await file.close()
  }
}

function parseObject(content: string, path: string): Record<string, unknown> {
  const parsed = tryJson(content, path)
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
    return parsed as Record<string, unknown>
  throw bad('config', `the config file ${path} is not a JSON object`)
}

function tryJson(content: string, path: string): unknown {
  try {
    return JSON.parse(content)
  } catch (error) {
    throw bad('config', `the config file ${path} is not JSON: ${(error as Error).message}`, error)
  }
}

function defined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}

function validate(settings: Settings, layers: Layer[]): Record<string, unknown> {
  const merged = Object.fromEntries(
    layers.flatMap(layer => Object.entries(layer.values).filter(([key]) => Object.hasOwn(settings, key)))
  )
  const schema = z.strictObject(
    Object.fromEntries(Object.entries(settings).map(([key, one]) => [key, one.schema]))
  )
  const result = schema.safeParse(merged)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const key = String(issue?.path[0] ?? '')
  const layer = layers.findLast(one => Object.hasOwn(one.values, key))
  const cause = issue?.code === 'custom' ? issue.params?.['cause'] : undefined
  throw bad(key, `${layer ? layer.source(key) : key}: ${shorten(issue?.message ?? 'not valid')}`, cause)
}

/** "--log-level" of "logLevel". */
export function flagOf(key: string): string {
  return `--${key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`
}

/**
 * Reads, layers and validates the settings once: config file (`--config`, DATDOT_CONFIG or
 * `<storage>/config.json`) < environment DATDOT_* < flags; throws BAD_CONFIG naming the key and where it stands.
 */
export async function loadConfig<S extends Settings>(
  settings: S,
  sources: ConfigSources
): Promise<Values<S & typeof COMMON>> {
  const table: Settings = { ...COMMON, ...settings }
  const layered = new Set(Object.keys(table).filter(key => !table[key]?.flagOnly))
  const names = new Set([...layered, 'config', ...(sources.known ?? [])])
  const flags: Layer = { source: flagOf, values: defined(sources.flags ?? {}) }
  const environment = environmentLayer(sources.env ?? process.env, names)
  const upper = { ...environment.values, ...flags.values }
  const defaults: Layer = { source: key => key, values: { storage: join(dataFolder(sources), sources.role) } }
  const explicit = upper['config']
  const file = await fileLayer(
    resolve(String(explicit ?? join(String(upper['storage'] ?? defaults.values['storage']), 'config.json'))),
    explicit !== undefined,
    names
  )
  const values = validate(table, [defaults, file, environment, flags]) as Values<S & typeof COMMON>
  return { ...values, storage: resolve(String(values['storage'])) }
}
