import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { CodecPool } from '../../src/codec/pool.ts'
import { type VectorResult, verifyVectors } from '../../src/codec/vectors/verify.ts'
import { vectorFile } from '../codec/fixtures.ts'
import { scaled } from '../helpers/long.ts'
import { changedAt, hostile, json, places } from './values.ts'

const numRuns = scaled(1_000, 1_000_000)

type File = Record<string, unknown>
const parsed = (name: string): File => JSON.parse(vectorFile(name)) as File

const pool = new CodecPool({ workers: 1 })
after(() => pool.close())

async function run(text: string): Promise<VectorResult[]> {
  const results: VectorResult[] = []
  for await (const result of verifyVectors(text, { pool })) results.push(result)
  return results
}

/** Every result is well formed, there is one at least, and what failed says why. */
function assertTold(results: readonly VectorResult[]): void {
  assert.ok(results.length > 0)
  for (const { format, name, ok, detail } of results) {
    assert.equal(typeof format, 'string')
    assert.equal(typeof name, 'string')
    assert.equal(detail === '', ok, detail)
  }
}

/** Small files of each format: a change in one must be answered in no time, whatever it says. */
const tpe1 = parsed('tpe1.json')
const publish = parsed('publish.json')
const protocol = parsed('protocol.json')
const FILES: Record<string, File[]> = {
  'TPE-1': [7, 8].map(at => ({ ...tpe1, cases: [(tpe1['cases'] as File[])[at]] })),
  publish: (publish['cases'] as File[]).map(one => ({ ...publish, cases: [one] })),
  protocol: Object.entries(protocol).flatMap(([name, section]) =>
    name === 'format' ? [] : [{ format: protocol['format'], period: protocol['period'], [name]: section }]
  )
}

for (const [name, files] of Object.entries(FILES))
  test(`fuzz vectors - a ${name} file with any value replaced is checked to its end`, async () => {
    const change = fc.record({ at: fc.nat(), value: hostile, drops: fc.boolean() })
    const changed = fc
      .tuple(fc.constantFrom(...files), fc.array(change, { minLength: 1, maxLength: 3 }))
      .map(([file, changes]) =>
        changes.reduce((now, { at, value, drops }) => {
          const all = [...places(now)]
          const path = all[at % all.length]
          return path === undefined ? now : changedAt(now, path, value, drops)
        }, file)
      )
    await fc.assert(
      fc.asyncProperty(changed, async file => assertTold(await run(JSON.stringify(file)))),
      { numRuns }
    )
  })

test('fuzz vectors - any text and any JSON fails with a reason', async () => {
  const format = fc.constantFrom(tpe1['format'], publish['format'], protocol['format'])
  const made = fc
    .tuple(format, json)
    .map(([name, value]) =>
      JSON.stringify(
        typeof value === 'object' && value !== null
          ? { ...value, format: name }
          : { format: name, cases: value }
      )
    )
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string(),
        json.map(value => JSON.stringify(value)),
        made
      ),
      async text => {
        const results = await run(text)
        assertTold(results)
        assert.ok(results.some(({ ok }) => !ok))
      }
    ),
    { numRuns }
  )
})

test('vectors - a case that would take hours or all memory is refused at once', async () => {
  const { cases } = tpe1 as { cases: File[] }
  const leaves = (protocol['periodLeaves'] as File[])[0]
  const [bytes] = await run(JSON.stringify({ ...tpe1, cases: [{ ...cases[8], byteLength: 2 ** 31 }] }))
  assert.match(bytes?.detail ?? '', /byteLength: Too big/)
  const endless = { ...leaves, samples: 2 ** 53 - 1, cells: [2 ** 50, 2 ** 50] }
  const [samples] = await run(JSON.stringify({ format: protocol['format'], periodLeaves: [endless] }))
  assert.match(samples?.detail ?? '', /samples: Too big/)
})
