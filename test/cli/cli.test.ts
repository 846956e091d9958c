import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { COMMANDS } from '../../src/cli/commands/index.ts'
import { parseCommandLine } from '../../src/cli/parser.ts'
import { COMMON } from '../../src/config.ts'
import { tempFolder } from '../helpers/folder.ts'
import { jsonLines, run } from './run.ts'

const NAMES = COMMANDS.map(({ name }) => name)
const parse = (argv: readonly string[]) =>
  parseCommandLine(argv, { commands: COMMANDS, version: '1', columns: 110 })

/** A shell's words, as far as the examples need them. */
function words(line: string): string[] {
  const plain = line.replace(/ [<>|] .*$/, '')
  return [...plain.matchAll(/'([^']*)'|(\S+)/g)].map(match => match[1] ?? match[2] ?? '')
}

test('cli - every command has help with its summary, its options and examples', async () => {
  for (const command of COMMANDS) {
    const parsed = await parse([...command.name.split(' '), '--help'])
    assert.equal(parsed.kind, 'help', command.name)
    const help = parsed.kind === 'help' ? parsed.text.replace(/\s+/g, ' ') : ''
    assert.ok(help.includes(`datdot ${command.name}`), command.name)
    assert.ok(help.includes('Examples:'), command.name)
    for (const key of [...Object.keys(command.settings), ...Object.keys(COMMON)]) {
      const flag = key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
      assert.ok(help.includes(`--${flag}`), `${command.name} --${flag}`)
    }
  }
})

test('cli - every example is a command line that parses', async () => {
  for (const command of COMMANDS) {
    assert.ok(command.examples.length > 0, command.name)
    for (const [line] of command.examples) {
      const from = line.slice(line.indexOf('datdot '))
      const parsed = await parse(words(from).slice(1))
      assert.equal(parsed.kind, 'run', line)
      assert.equal(parsed.kind === 'run' && parsed.command.name, command.name, line)
    }
  }
})

test('cli - names of commands are unique and settings do not clash with the common ones', () => {
  assert.equal(new Set(NAMES).size, NAMES.length)
  for (const command of COMMANDS) {
    for (const key of Object.keys(command.settings)) assert.equal(key in command.positionals, false, key)
    for (const key of Object.keys(command.positionals)) assert.equal(key in COMMON, false, key)
  }
})

test('cli - the real program prints help for every command and exits with 0', async () => {
  const all = await Promise.all(
    [[], ...NAMES.map(name => name.split(' '))].map(words => run([...words, '--help']))
  )
  for (const [index, { code, stdout, stderr }] of all.entries()) {
    assert.equal(code, 0, NAMES[index - 1])
    assert.match(stdout, /--version/)
    assert.equal(stderr, '')
  }
  for (const name of NAMES) assert.ok(all[0]?.stdout.includes(name.split(' ')[0] ?? ''))
})

test('cli - --version is the package’s', async () => {
  const { version } = JSON.parse(await readFile(new URL('../../../package.json', import.meta.url), 'utf8'))
  const { code, stdout } = await run(['--version'])
  assert.equal(code, 0)
  assert.equal(stdout.trim(), version)
})

test('cli - a wrong command line exits with 1, says what is wrong and where help is', async () => {
  const cases: [string[], RegExp][] = [
    [['kyes'], /Unknown command: kyes; did you mean keys\? \(see datdot --help\)/],
    [['keys', 'shwo'], /Unknown command: keys shwo; did you mean keys show\?/],
    [['keys'], /Say which: keys new, show, import/],
    [['keys', 'new', '--bogus'], /Unknown argument: bogus \(see datdot keys new --help\)/],
    [['keys', 'new', 'more'], /Unknown argument: more/],
    [['testnet', '--constructor=1'], /Unknown argument: --constructor=1 \(see datdot testnet --help\)/],
    [['testnet', '--to-string'], /Unknown argument: --to-string \(see datdot testnet --help\)/],
    [['keys', 'new', '--storage'], /--storage needs a value/],
    [['keys', 'new', '--storage', 'a', '--storage', 'b'], /--storage was given twice/],
    [['keys', 'new', '--log-level', 'loud'], /--log-level: expected one of silent/],
    [['keys', 'new', '--role', 'king'], /--role: expected one of supporter/],
    [['vectors', 'verify'], /Something is missing: got 0 of at least 1/],
    [['chain', '--port', '70000'], /--port: "70000" is not a whole number from 0 to 65535/],
    [['chain', '--block-time', '-5'], /--block-time/],
    [['doctor', '--bootstrap', 'nowhere'], /--bootstrap: "nowhere" is not host:port/],
    [
      ['doctor', '--chain', 'http://x'],
      /--chain: "http:\/\/x" is not a url that begins with ws:\/\/ or wss:\/\//
    ]
  ]
  const ran = await Promise.all(cases.map(([args]) => run(args)))
  for (const [index, [args, message]] of cases.entries()) {
    const { code, stdout, stderr } = ran[index] ?? assert.fail()
    assert.equal(code, 1, args.join(' '))
    assert.match(stderr, /^error BAD_ARGUMENT: /, args.join(' '))
    assert.match(stderr, message)
    assert.equal(stdout, '')
  }
})

test('cli - a key or an amount that is none has its own code and says what one looks like', async () => {
  const key = 'ab'.repeat(32)
  const cases: [string[], RegExp][] = [
    [['supporter', 'status', 'ab'.repeat(31)], /^error BAD_KEY: [\s\S]*<core>: "(ab)+" is not a core key/],
    [['consumer', 'get', `${key}ab`, '--out', '-'], /^error BAD_KEY: [\s\S]*z-base-32/],
    [
      ['supporter', 'donate', key, '--amount', '-1'],
      /^error BAD_AMOUNT: [\s\S]*--amount: "-1" is not an amount of DAT \(see datdot supporter donate --help\)/
    ],
    [['supporter', 'donate', key, '--amount', '0.0000000000001'], /^error BAD_AMOUNT: [\s\S]*12 decimals/],
    [
      ['supporter', 'donate', key, '--amount', '9'.repeat(27)],
      /^error BAD_AMOUNT: [\s\S]*more than the chain/
    ]
  ]
  const ran = await Promise.all(cases.map(([args]) => run(args)))
  for (const [index, [args, message]] of cases.entries()) {
    assert.equal(ran[index]?.code, 1, args.join(' '))
    assert.match(ran[index]?.stderr ?? '', message)
  }
})

test('cli - without a command it prints help on stderr and exits with 1', async () => {
  const { code, stdout, stderr } = await run([])
  assert.equal(code, 1)
  assert.equal(stdout, '')
  assert.match(stderr, /Commands:/)
})

test('cli - errors are one JSON line on stderr with --json, also from the environment', async t => {
  const home = await tempFolder(t)
  const env = { HOME: home }
  for (const ran of [
    await run(['keys', 'nwe', '--json'], { env }),
    await run(['keys', 'show', '--json'], { env }),
    await run(['keys', 'show'], { env: { ...env, DATDOT_JSON: 'true' } })
  ]) {
    assert.equal(ran.code, 1)
    assert.equal(ran.stdout, '')
    const [error, ...more] = jsonLines(ran.stderr)
    assert.equal(more.length, 0)
    assert.equal(error?.['type'], 'error')
    for (const field of ['code', 'sentence', 'message', 'help'])
      assert.equal(typeof error?.[field], 'string', field)
  }
})

test('cli - config file, environment and flags are layered, and bad ones name themselves', async t => {
  const folder = await tempFolder(t)
  const [a, b, c] = ['a', 'b', 'c'].map(name => join(folder, name)) as [string, string, string]
  const config = join(folder, 'config.json')
  await writeFile(config, JSON.stringify({ storage: a, json: true }))
  const storageOf = async (args: string[], env: NodeJS.ProcessEnv = {}) => {
    const { stderr } = await run(['keys', 'show', ...args, '--json'], { env: { HOME: folder, ...env } })
    return String(jsonLines(stderr)[0]?.['message'])
  }
  assert.match(await storageOf(['--config', config]), new RegExp(`${a}$`))
  assert.match(await storageOf(['--config', config], { DATDOT_STORAGE: b }), new RegExp(`${b}$`))
  assert.match(
    await storageOf(['--config', config, '--storage', c], { DATDOT_STORAGE: b }),
    new RegExp(`${c}$`)
  )
  await writeFile(config, JSON.stringify({ storage: a, colour: 'red' }))
  const { code, stderr } = await run(['keys', 'show', '--config', config])
  assert.equal(code, 1)
  assert.match(stderr, /^error BAD_CONFIG: .*\n.*"colour" in .*config.json is not a setting\n/)
  const variable = await run(['keys', 'show'], { env: { HOME: folder, DATDOT_COLOUR: 'red' } })
  assert.match(variable.stderr, /BAD_CONFIG[\s\S]*DATDOT_COLOUR/)
})

test("cli - another command's setting in the environment does not disturb", async t => {
  const env = { HOME: await tempFolder(t), DATDOT_BLOCK_TIME: '700' }
  const { stderr } = await run(['keys', 'show'], { env })
  assert.match(stderr, /^error KEY_MISSING/)
})
