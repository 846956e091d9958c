import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type VectorResult, verifyVectors } from '../../../src/codec/vectors/verify.ts'
import { vectorFile } from '../fixtures.ts'

type Json = Record<string, unknown>

async function run(file: unknown): Promise<VectorResult[]> {
  const results: VectorResult[] = []
  for await (const result of verifyVectors(typeof file === 'string' ? file : JSON.stringify(file)))
    results.push(result)
  return results
}

async function fails(file: unknown, what: string): Promise<void> {
  const results = await run(file)
  assert.ok(
    results.some(result => !result.ok && result.detail !== ''),
    `${what} was not noticed`
  )
}

const parsed = (name: string): Json => JSON.parse(vectorFile(name)) as Json

/** Every path to a string or number, and every object, below a value. */
function* places(
  value: unknown,
  path: (string | number)[] = []
): Generator<{ path: (string | number)[]; value: unknown }> {
  if (path.length > 0) yield { path, value }
  if (typeof value === 'object' && value !== null)
    for (const [key, part] of Object.entries(value)) yield* places(part, [...path, key])
}

function changed(
  file: Json,
  path: readonly (string | number)[],
  change: (holder: Json, key: string) => void
): Json {
  const copy = structuredClone(file)
  const holder = path.slice(0, -1).reduce<Json>((at, key) => at[key] as Json, copy)
  change(holder, String(path.at(-1)))
  return copy
}

/** Another value of the same kind: a hex digit replaced, a number plus one. */
function other(value: unknown): unknown {
  if (typeof value === 'number') return value + 1
  if (typeof value !== 'string' || value === '') return undefined
  if (/^\d+$/.test(value)) return (BigInt(value) + 1n).toString()
  const at = value.length - 1
  return value.slice(0, at) + (value[at] === '0' ? '1' : '0')
}

for (const [name, count] of [
  ['tpe1.json', 11],
  ['protocol.json', 51],
  ['publish.json', 11]
] as const)
  test(`vectors - every case of ${name} passes`, async () => {
    const results = await run(vectorFile(name))
    assert.deepEqual(
      results.filter(result => !result.ok),
      []
    )
    assert.equal(results.length, count)
  })

test('vectors - a field that is not known fails wherever it stands', async () => {
  for (const name of ['protocol.json', 'publish.json']) {
    const file = parsed(name)
    const objects = [...places(file)].filter(
      ({ value }) => typeof value === 'object' && value !== null && !Array.isArray(value)
    )
    const step = Math.max(1, Math.floor(objects.length / 40))
    for (const { path } of objects.filter((_, i) => i % step === 0)) {
      const extra = changed(file, [...path, 'surprise'], (holder, key) => {
        holder[key] = 1
      })
      await fails(extra, `a new field in ${name} ${path.join('.')}`)
    }
    await fails({ ...file, surprise: [] }, `a new section in ${name}`)
  }
  const tpe1 = parsed('tpe1.json')
  const one = { ...tpe1, cases: [(tpe1['cases'] as Json[])[7]] }
  for (const path of [
    ['surprise'],
    ['cases', 0, 'surprise'],
    ['cases', 0, 'proofs', 0, 'surprise'],
    ['cases', 0, 'checkpoints', 0, 'surprise']
  ])
    await fails(
      changed(one, path, (holder, key) => {
        holder[key] = 1
      }),
      path.join('.')
    )
})

test('vectors - any changed value of a TPE-1 case is noticed', async () => {
  const file = parsed('tpe1.json')
  const cases = file['cases'] as Json[]
  const one = { ...file, cases: [cases[7]] }
  for (const { path, value } of places(one)) {
    const replacement = other(value)
    if (replacement === undefined) continue
    await fails(
      changed(one, path, (holder, key) => {
        holder[key] = replacement
      }),
      path.join('.')
    )
  }
  await fails({ ...file, cases: [{ ...cases[8], plaintextNote: 'byte i = i' }] }, 'another note')
  await fails({ ...file, cases: [{ ...cases[7], plaintext: null }] }, 'no plaintext')
})

test('vectors - any changed value of a signed tree is noticed', async () => {
  const file = parsed('publish.json')
  const cases = file['cases'] as Json[]
  for (const at of [0, 2, 4, 5, 6]) {
    const one = { ...file, cases: [cases[at]] }
    const all = [...places(one)].filter(({ path }) => path.at(-1) !== 'name')
    const step = Math.max(1, Math.floor(all.length / 120))
    for (const { path, value } of all.filter((_, i) => i % step === 0)) {
      const replacement = other(value)
      if (replacement === undefined) continue
      await fails(
        changed(one, path, (holder, key) => {
          holder[key] = replacement
        }),
        `${at} ${path.join('.')}`
      )
    }
  }
})

test('vectors - any changed result of the protocol rules is noticed', async () => {
  const file = parsed('protocol.json')
  const results =
    /^(acc|seed|index|accept|beacon|digest|n|B|T|W|era|scale|wanted|pinner|price|seal|checkpoint|receipt|noise)$/
  const all = [...places(file)].filter(
    ({ path }) => results.test(String(path.at(-1))) && !(path[0] === 'periodLeaves' && path.at(-1) === 'seed')
  )
  for (const { path, value } of all) {
    const replacement = other(value)
    if (replacement === undefined) continue
    await fails(
      changed(file, path, (holder, key) => {
        holder[key] = replacement
      }),
      path.join('.')
    )
  }
  for (const name of Object.keys(file).filter(key => key !== 'format'))
    await fails({ ...file, [name]: Array.isArray(file[name]) ? [] : {} }, `an empty ${name}`)
})

test('vectors - what is no vector file fails with a reason', async () => {
  const unknown = [
    '',
    '{',
    'null',
    '[]',
    '{}',
    '{"format":"tpe1-vectors-2","cases":[]}',
    '{"format":"datdot-protocol-vectors-1"}',
    '{"format":"tpe1-vectors-1","hash":"BLAKE2b-256","cases":[]}',
    '{"format":"tpe1-vectors-1","hash":"SHA-256","cases":[{}]}',
    '{"format":"datdot-publish-vectors-1","madeBy":"hypercore 11.37.1","cases":[null,1,"x"]}',
    '{"__proto__":{"format":"tpe1-vectors-1"}}',
    '{"format":"datdot-protocol-vectors-1","constructor":[1]}'
  ]
  for (const text of unknown) await fails(text, text)
})
