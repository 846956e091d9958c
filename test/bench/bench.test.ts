import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseOptions, usage } from './options.ts'
import { inTurns, median, type Row } from './row.ts'
import { tableOf } from './table.ts'

const SUBJECTS = ['one', 'two', 'three'] as const

test('bench options - without arguments everything is measured in full', () => {
  const expected = { help: false, quick: false, out: null, subjects: ['one', 'two', 'three'] }
  assert.deepEqual(parseOptions([], SUBJECTS), expected)
})

test('bench options - subjects are chosen by name, in the order of the table', () => {
  const args = ['--only', 'three', '--only', 'one', '--quick', '--out', 'here.json']
  const expected = { help: false, quick: true, out: 'here.json', subjects: ['one', 'three'] }
  assert.deepEqual(parseOptions(args, SUBJECTS), expected)
  assert.deepEqual(parseOptions(['--only', 'two,one'], SUBJECTS).subjects, ['one', 'two'])
})

test('bench options - what is not known is refused, and the help names each subject', () => {
  for (const args of [['--only', 'four'], ['--fast'], ['one'], ['--out']])
    assert.throws(() => parseOptions(args, SUBJECTS), { code: 'BAD_ARGUMENT' }, args.join(' '))
  for (const name of SUBJECTS) assert.ok(usage(SUBJECTS).includes(name))
})

test('bench rows - the median is the middle value whatever the order', () => {
  assert.equal(median([9, 1, 5]), 5)
  assert.equal(median([4, 1, 3, 2]), 3)
  assert.equal(median([]), 0)
})

test('bench rows - two ways take turns, and the first round of each does not count', async () => {
  const calls: string[] = []
  const from = (name: string, values: number[]) => async () => {
    calls.push(name)
    return values.shift() ?? Number.NaN
  }
  const way = from('way', [1000, 2, 9, 6])
  const beside = from('beside', [1, 4, 3, 6])
  assert.deepEqual(await inTurns(3, way, beside), { value: 6, beside: 4, ratio: 1 })
  assert.deepEqual(calls, ['beside', 'way', 'beside', 'way', 'beside', 'way', 'beside', 'way'])
})

test('bench table - columns are aligned and empty cells stay empty', () => {
  const rows: Row[] = [
    { subject: 'codec', what: 'encode', value: 1.234, unit: 'MB/s', ratio: 0.9, target: '>= 0.85' },
    { subject: 'chain', what: 'empty block', value: 129.4, unit: 'ms' }
  ]
  assert.equal(
    tableOf(rows),
    [
      'subject  what         value  unit  ratio  target',
      '-------  -----------  -----  ----  -----  -------',
      'codec    encode        1.23  MB/s   0.90  >= 0.85',
      'chain    empty block    129  ms',
      ''
    ].join('\n')
  )
})
