import yargs, { type Argv, type Options } from 'yargs'
import { COMMON, variableOf } from '../config.ts'
import { DatdotError } from '../domain/errors.ts'
import { type Setting, type Settings, text } from '../settings.ts'
import type { Command } from './command.ts'

/** Flags that every command takes; `config` itself cannot stand in a config file. */
const FLAGS: Settings = { ...COMMON, config: text({ describe: 'config file (JSON)', optional: true }) }

/** Stands for a lone "-" (stdin, stdout) while yargs parses, which takes that for a flag without a name. */
const DASH = '\u0000-'

/** What the command line asked for. */
export type Parsed =
  | { kind: 'run'; command: Command; flags: Record<string, unknown> }
  | { kind: 'help'; text: string; asked: boolean }

export interface ParserOptions {
  commands: readonly Command[]
  version: string
  columns: number
}

/** `--json` before anything else is known, so that a wrong command line is told of in the same way. */
export function wantsJson(argv: readonly string[], env: NodeJS.ProcessEnv): boolean {
  const end = argv.indexOf('--')
  const flags = end < 0 ? argv : argv.slice(0, end)
  const last = flags.findLast(word => /^--json(=|$)/.test(word))
  if (last !== undefined) return last === '--json' || last === '--json=true'
  return ['true', '1'].includes(env[variableOf('json')] ?? '')
}

/** Reads a command line; throws BAD_ARGUMENT with what was wrong and where help is. */
export async function parseCommandLine(argv: readonly string[], options: ParserOptions): Promise<Parsed> {
  let chosen: Parsed | undefined
  let printed = ''
  const choose = (command: Command, flags: Record<string, unknown>) => {
    chosen = { kind: 'run', command, flags }
  }
  const parser = root(options)
  for (const group of groups(options.commands)) addGroup(parser, group, choose)
  const inherited = argv.find(isInherited)
  if (inherited !== undefined) throw refusal(`Unknown argument: ${inherited}`, argv, options.commands)
  const words = argv.map(word => (word === '-' ? DASH : word))
  await parser.parseAsync(words, {}, (error, _argv, output) => {
    printed = output
    if (error) throw refusal(error.message.replaceAll(DASH, '-'), argv, options.commands)
  })
  if (printed !== '') return { kind: 'help', text: printed, asked: true }
  if (chosen) return chosen
  return { kind: 'help', text: await parser.getHelp(), asked: false }
}

/** A flag named like what every object has: yargs looks flags up in plain objects and trips over it. */
function isInherited(word: string): boolean {
  const name = /^-+(?:no-)?([^=.]+)/.exec(word)?.[1] ?? ''
  const camelCased = name.replace(/-+(.)/g, (_, letter: string) => letter.toUpperCase())
  return name in Object.prototype || camelCased in Object.prototype
}

function root({ version, columns }: ParserOptions): Argv {
  return yargs()
    .scriptName('datdot')
    .usage('$0 <command>\n\nA pinning network for hypercores.')
    .parserConfiguration({
      'dot-notation': false,
      // else --no-serve would be another flag's negation
      'boolean-negation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'strip-dashed': true,
      'duplicate-arguments-array': true,
      'greedy-arrays': false
    })
    .locale('en')
    .strict()
    .updateStrings({
      'Not enough non-option arguments: got %s, need at least %s': {
        one: 'Something is missing: got %s of at least %s',
        other: 'Something is missing: got %s of at least %s'
      } as never,
      'Not enough arguments following: %s': '--%s needs a value'
    })
    .help()
    .alias('help', 'h')
    .version(version)
    .wrap(Math.min(columns, 110))
    .epilogue(
      'Each flag may stand in the config file (logLevel) or in the environment (DATDOT_LOG_LEVEL).\n' +
        'Exit codes: 0 done, 1 failed, 2 incomplete.'
    )
    .exitProcess(false)
}

/** Commands by their first word. */
function groups(commands: readonly Command[]): Command[][] {
  const byWord = new Map<string, Command[]>()
  for (const command of commands) {
    const word = command.name.split(' ', 1)[0] ?? ''
    byWord.set(word, [...(byWord.get(word) ?? []), command])
  }
  return [...byWord.values()]
}

type Choose = (command: Command, flags: Record<string, unknown>) => void

function addGroup(parser: Argv, group: Command[], choose: Choose): void {
  const own = group.find(command => !command.name.includes(' '))
  const inner = group.filter(command => command !== own)
  const word = group[0]?.name.split(' ', 1)[0] ?? ''
  const addInner = (scope: Argv) => {
    for (const command of inner) addCommand(scope, command, command.name.slice(word.length + 1), choose)
    return scope
  }
  if (own) {
    addCommand(parser, own, word, choose, addInner)
    return
  }
  const summary = inner.map(command => command.name.slice(word.length + 1)).join(', ')
  parser.command(word, summary, scope => addInner(scope).demandCommand(1, `Say which: ${word} ${summary}.`))
}

function addCommand(
  parser: Argv,
  command: Command,
  word: string,
  choose: Choose,
  more?: (scope: Argv) => Argv
): void {
  const usage = [
    word,
    ...Object.entries(command.positionals).map(([name, one]) => positional(name, one))
  ].join(' ')
  parser.command(
    usage,
    command.summary,
    scope => {
      describe(scope, command)
      more?.(scope)
      return scope
    },
    argv => choose(command, flagsOf(command, argv))
  )
}

function positional(name: string, setting: Setting): string {
  const many = setting.kind === 'list' ? '..' : ''
  return setting.optional || setting.fallback !== undefined ? `[${name}${many}]` : `<${name}${many}>`
}

function describe(scope: Argv, command: Command): void {
  const names = Object.keys(command.positionals).map(name =>
    positional(name, command.positionals[name] as Setting)
  )
  scope.usage(
    [`$0 ${[command.name, ...names].join(' ')}`, command.description ?? command.summary].join('\n\n')
  )
  for (const [name, { describe, fallback }] of Object.entries(command.positionals)) {
    scope.positional(name, {
      describe,
      type: 'string',
      ...(fallback ? { defaultDescription: fallback } : {})
    })
  }
  for (const [key, setting] of Object.entries(command.settings))
    scope.option(dashed(key), option(setting, 'Options:'))
  for (const [key, setting] of Object.entries(FLAGS)) {
    if (!Object.hasOwn(command.settings, key)) scope.option(dashed(key), option(setting, 'Common options:'))
  }
  for (const [line, what] of command.examples) scope.example(line, what)
}

function option(setting: Setting, group: string): Options {
  return {
    describe: setting.describe,
    type: setting.kind === 'flag' ? 'boolean' : setting.kind === 'list' ? 'array' : 'string',
    ...(setting.kind === 'list' ? { string: true } : {}),
    requiresArg: setting.kind !== 'flag',
    group,
    ...(setting.fallback === undefined ? {} : { defaultDescription: setting.fallback })
  }
}

function dashed(key: string): string {
  return key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}

/** What was given, by setting; a text that was given twice is refused. */
function flagsOf(command: Command, argv: Record<string, unknown>): Record<string, unknown> {
  const table: Settings = { ...FLAGS, ...command.settings, ...command.positionals }
  const flags: Record<string, unknown> = {}
  for (const [key, setting] of Object.entries(table)) {
    const value = argv[key]
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue
    if (Array.isArray(value) && setting.kind !== 'list') {
      throw new DatdotError('BAD_ARGUMENT', `--${dashed(key)} was given twice`)
    }
    flags[key] = Array.isArray(value) ? value.map(undash) : undash(value)
  }
  return flags
}

function undash(value: unknown): unknown {
  return value === DASH ? '-' : value
}

function refusal(message: string, argv: readonly string[], commands: readonly Command[]): DatdotError {
  const words = argv.filter(word => !word.startsWith('-'))
  const known = commands.find(({ name }) => name === words.slice(0, name.split(' ').length).join(' '))
  const where = ['datdot', ...(known ? [known.name] : []), '--help'].join(' ')
  const what = known ? message.replace(/\s+/g, ' ').trim() : unknownCommand(words, commands, message)
  return new DatdotError('BAD_ARGUMENT', `${what} (see ${where})`)
}

/** Names the nearest command when none was meant. */
function unknownCommand(words: readonly string[], commands: readonly Command[], message: string): string {
  const starts = commands.some(({ name }) => name.split(' ', 1)[0] === words[0])
  if (words[0] === undefined || (starts && words.length < 2)) return message
  const given = words.slice(0, starts ? 2 : 1).join(' ')
  const names = commands.map(({ name }) => (starts ? name : (name.split(' ', 1)[0] ?? '')))
  const near = names.find(name => distance(name, given) <= 2)
  return `Unknown command: ${given}${near === undefined ? '' : `; did you mean ${near}?`}`
}

/** Letters to change, add or drop between two words. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
