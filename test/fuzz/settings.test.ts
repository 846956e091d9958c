import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { COMMANDS } from '../../src/cli/commands/index.ts'
import { parseCommandLine } from '../../src/cli/parser.ts'
import { COMMON, flagOf } from '../../src/config.ts'
import { formatDat, MAX_AMOUNT, parseBytes, parseDat } from '../../src/domain/amounts.ts'
import { isDatdotError } from '../../src/domain/errors.ts'
import { parseCoreKey } from '../../src/domain/ids.ts'
import {
  address,
  bytes,
  choice,
  coreKey,
  dat,
  flag,
  integer,
  list,
  paths,
  type Setting,
  text,
  url
} from '../../src/settings.ts'
import { scaled } from '../helpers/long.ts'
import { hostile } from './values.ts'

const numRuns = scaled(1_000, 1_000_000)
const describe = ''

/** Texts near to what is asked for, and others. */
const near = fc.oneof(
  fc.string(),
  fc.stringMatching(/^\s?-?\d{0,30}(\.\d{0,14})?\s?(DAT|dat|GB|KiB|B|TIB)?\s?$/),
  fc.stringMatching(/^(hyper:\/\/|0x)?[0-9a-fA-F]{62,66}\/?$/),
  fc.stringMatching(/^[ybndrfg8ejkmcpqxot1uwisza345h769]{51,53}$/),
  fc.stringMatching(/^[a-z0-9.-]{0,12}:\d{0,6}$/),
  fc.stringMatching(/^(ws|wss|http|WS):\/\/[a-z0-9.[\]:@/%-]{0,20}$/)
)

const SETTINGS: Record<string, [Setting, (value: unknown) => void]> = {
  text: [text({ describe }), value => assert.ok(typeof value === 'string' && value !== '')],
  flag: [flag({ describe }), value => assert.equal(typeof value, 'boolean')],
  choice: [choice(['a', 'b'], { describe }), value => assert.ok(value === 'a' || value === 'b')],
  integer: [
    integer({ min: 1, max: 64 }, { describe }),
    value => assert.ok(Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 64)
  ],
  bytes: [bytes({ describe }), value => assert.ok(Number.isSafeInteger(value) && Number(value) >= 0)],
  dat: [
    dat({ describe }),
    value => assert.ok(typeof value === 'bigint' && value >= 0n && value <= MAX_AMOUNT)
  ],
  coreKey: [coreKey({ describe }), value => assert.match(String(value), /^[0-9a-f]{64}$/)],
  address: [
    list(address(), { describe }),
    value => {
      for (const { host, port } of value as { host: string; port: number }[]) {
        assert.match(host, /^[A-Za-z0-9.-]+$/)
        assert.ok(Number.isInteger(port) && port > 0 && port < 65_536)
      }
    }
  ],
  url: [
    list(url(['ws:', 'wss:']), { describe }),
    value => {
      for (const one of value as string[]) assert.match(new URL(one).protocol, /^wss?:$/)
    }
  ],
  paths: [paths({ describe }), value => assert.ok(Array.isArray(value))]
}

for (const [name, [setting, check]] of Object.entries(SETTINGS))
  test(`fuzz settings - ${name}: any value is taken as what it is, or refused with a reason`, () => {
    fc.assert(
      fc.property(fc.oneof(near, hostile, fc.array(near, { maxLength: 3 })), given => {
        const result = setting.schema.safeParse(given)
        if (result.success) check(result.data)
        else for (const { message } of result.error.issues) assert.notEqual(message, '')
      }),
      { numRuns }
    )
  })

function attempt<T>(work: () => T, code: 'BAD_AMOUNT' | 'BAD_ARGUMENT' | 'BAD_KEY'): T | null {
  try {
    return work()
  } catch (error) {
    assert.ok(isDatdotError(error, code), String(error))
    return null
  }
}

test('fuzz settings - an amount is the plancks it says, to the last one, and comes back as it was written', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: MAX_AMOUNT }), plancks => {
      assert.equal(parseDat(formatDat(plancks)), plancks)
    }),
    { numRuns }
  )
  fc.assert(
    fc.property(near, given => {
      const plancks = attempt(() => parseDat(given), 'BAD_AMOUNT')
      if (plancks === null) return
      const [whole = '', fraction = ''] = given.replace(/DAT/i, '').trim().split('.')
      assert.equal(plancks, BigInt(whole + fraction.padEnd(12, '0')))
    }),
    { numRuns }
  )
})

test('fuzz settings - a size is the bytes it says', () => {
  const units: Record<string, bigint> = { '': 1n, KB: 1000n, MiB: 2n ** 20n, TIB: 2n ** 40n }
  const given = fc.tuple(fc.nat(), fc.option(fc.nat({ max: 999 })), fc.constantFrom(...Object.keys(units)))
  fc.assert(
    fc.property(given, ([whole, fraction, unit]) => {
      const written = fraction === null ? `${whole}` : `${whole}.${fraction}`
      const size = attempt(() => parseBytes(`${written}${unit}`), 'BAD_ARGUMENT')
      const digits = fraction === null ? 0n : BigInt(String(fraction).length)
      const exact = BigInt(written.replace('.', '')) * (units[unit] ?? 0n)
      if (size !== null) assert.equal(BigInt(size), exact / 10n ** digits)
      else assert.ok(exact / 10n ** digits > BigInt(Number.MAX_SAFE_INTEGER))
    }),
    { numRuns }
  )
})

test('settings - a size of many digits is the bytes it says, to the last one', () => {
  assert.equal(parseBytes('1073741824.284KB'), 1_073_741_824_284)
  assert.equal(parseBytes('8191.9999999999999TIB'), 9_007_199_254_740_991)
  assert.throws(() => parseBytes('8192TIB'), { code: 'BAD_ARGUMENT' })
})

test('fuzz settings - a core key is the same in hex, in z-base-32 and as a url', () => {
  const alphabet = 'ybndrfg8ejkmcpqxot1uwisza345h769'
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), key => {
      const hex = Buffer.from(key).toString('hex')
      const bits = [...key]
        .map(byte => byte.toString(2).padStart(8, '0'))
        .join('')
        .padEnd(260, '0')
      const zbase = (bits.match(/.{5}/g) ?? []).map(five => alphabet[Number.parseInt(five, 2)]).join('')
      for (const form of [hex, hex.toUpperCase(), `0x${hex}`, zbase, `hyper://${zbase}`, `pear://${hex}/`])
        assert.equal(parseCoreKey(form), hex, form)
    }),
    { numRuns }
  )
  fc.assert(
    fc.property(near, given => {
      const key = attempt(() => parseCoreKey(given), 'BAD_KEY')
      if (key !== null) assert.equal(parseCoreKey(key), key)
    }),
    { numRuns }
  )
})

test('fuzz command line - any words are a command with its flags, or refused with BAD_ARGUMENT', async () => {
  const flags = [COMMON, ...COMMANDS.map(({ settings }) => settings)].flatMap(table =>
    Object.keys(table).map(flagOf)
  )
  const word = fc.oneof(
    fc.constantFrom(...flags, ...COMMANDS.flatMap(({ name }) => name.split(' '))),
    fc.constantFrom(
      '--',
      '-',
      '---',
      '--=',
      '--__proto__',
      '--constructor=1',
      '--has-own-property',
      '--json=maybe',
      '-h',
      '--no-json',
      '--chain.x',
      '[',
      '$0'
    ),
    near
  )
  const line = fc
    .tuple(fc.constantFrom(...COMMANDS), fc.array(word, { maxLength: 6 }))
    .map(([{ name }, rest]) => [...name.split(' '), ...rest])
  let ran = 0
  await fc.assert(
    fc.asyncProperty(
      fc.oneof({ arbitrary: line, weight: 4 }, fc.array(word, { maxLength: 6 })),
      async argv => {
        const [first = ''] = argv
        // the help of all commands is what takes the time
        const group = COMMANDS.filter(({ name }) => name.split(' ', 1)[0] === first)
        const commands = group.length > 0 ? group : COMMANDS.slice(0, 2)
        try {
          const parsed = await parseCommandLine(argv, { commands, version: '1', columns: 100 })
          if (parsed.kind === 'help') return
          ran += 1
          const known = { ...COMMON, config: 0, ...parsed.command.settings, ...parsed.command.positionals }
          for (const key of Object.keys(parsed.flags)) assert.ok(Object.hasOwn(known, key), key)
        } catch (error) {
          assert.ok(isDatdotError(error, 'BAD_ARGUMENT'), String(error))
          assert.match(error.message, /\(see datdot .*--help\)$|was given twice$/)
        }
      }
    ),
    { numRuns }
  )
  assert.ok(ran > 0)
})
