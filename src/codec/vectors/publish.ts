import { z } from 'zod'
import { isDatdotError } from '../../domain/errors.ts'
import { byteLengthOf, coreKeyOf, treeHashOf, verifyOffset, verifyTree } from '../../domain/publish.ts'
import { blake2b256 } from '../hash.ts'
import { verifyEd25519 } from '../signature.ts'
import { big, count, hex, parse } from './fields.ts'
import { checked, expectSame, type VectorResult } from './result.ts'

export const PUBLISH_FORMAT = 'datdot-publish-vectors-1'
const REFUSED = /^refused/

const fileSchema = z.strictObject({
  format: z.literal(PUBLISH_FORMAT),
  madeBy: z.literal('hypercore 11.37.1'),
  cases: z.array(z.unknown()).min(1)
})

const stepSchema = z.strictObject({
  leftSize: big,
  left: hex(32),
  right: hex(32),
  open: z.tuple([hex(32), hex(32)]).nullable()
})

const caseSchema = z.strictObject({
  name: z.string(),
  identity: z.union([z.strictObject({ manifest: hex() }), z.strictObject({ compat: hex(32) })]),
  key: hex(32),
  fork: big,
  length: count,
  byteLength: count,
  peaks: z.array(z.strictObject({ size: big, hash: hex(32) })),
  treeHash: hex(32),
  signature: hex(64),
  offsets: z.array(z.strictObject({ cut: count, offset: big, steps: z.array(stepSchema) }))
})

/** Runs a datdot-publish-vectors-1 file through the manifest parser, the signature rules and the offset proofs. */
export async function* verifyPublish(file: unknown): AsyncGenerator<VectorResult> {
  let cases: unknown[] = []
  const head = await checked(PUBLISH_FORMAT, 'file', () => {
    cases = parse(fileSchema, file).cases
  })
  if (!head.ok) yield head
  for (const [i, value] of cases.entries()) {
    const named = z.object({ name: z.string() }).safeParse(value)
    const name = named.success ? named.data.name : `case ${i}`
    yield await checked(PUBLISH_FORMAT, name, () => verifyCase(parse(caseSchema, value)))
  }
}

function verifyCase(given: z.infer<typeof caseSchema>): void {
  const { name, key, length, peaks, byteLength, treeHash, offsets } = given
  const identity = 'compat' in given.identity ? { key: given.identity.compat } : given.identity
  expectSame('key', coreKeyOf(blake2b256, identity), key)
  expectSame('byteLength', byteLengthOf(length, peaks), byteLength)
  expectSame('treeHash', treeHashOf(blake2b256, length, peaks), treeHash)
  for (const { cut, offset, steps } of offsets)
    expectSame(`offset of block ${cut}`, verifyOffset(blake2b256, { length, peaks }, cut, steps), offset)
  const verify = (): unknown =>
    verifyTree({ ...given, identity }, { hash: blake2b256, verify: verifyEd25519 })
  if (!REFUSED.test(name)) expectSame('verified', verify(), { key, byteLength, treeHash })
  else if (!refusesManifest(verify)) throw new Error('was not refused as an unsupported manifest')
}

function refusesManifest(verify: () => unknown): boolean {
  try {
    verify()
    return false
  } catch (error) {
    if (isDatdotError(error, 'CORE_UNSUPPORTED')) return true
    throw error
  }
}
