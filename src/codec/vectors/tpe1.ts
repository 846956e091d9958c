import { z } from 'zod'
import { CELL_BYTES, cellsOf, LEAF_BYTES, leavesOf } from '../../domain/leaves.ts'
import { collect } from '../batches.ts'
import { decodeSpan } from '../decode.ts'
import { encodeSpan } from '../encode.ts'
import { blake2b256 } from '../hash.ts'
import { spanKeyFromPrimes } from '../key.ts'
import type { CodecPool } from '../pool.ts'
import { verifyLeaf, verifyPeaks } from '../proof.ts'
import { saltOf, tagOf } from '../salt.ts'
import { SpanTree } from '../tree.ts'
import { MemoryTreeStore } from '../tree-store.ts'
import { big, count, hex, hexInteger, parse } from './fields.ts'
import { checked, expectSame, type VectorResult } from './result.ts'

export const TPE1_FORMAT = 'tpe1-vectors-1'
/** A plaintext that only its note describes is made here: 64 MiB, which is a minute's work. */
const MOST_BYTES = 2 ** 26
const NOTE = 'byte i = (i*i + 7*i + 3) & 255'

const fileSchema = z.strictObject({
  format: z.literal(TPE1_FORMAT),
  hash: z.literal('BLAKE2b-256'),
  cases: z.array(z.unknown()).min(1)
})

const proofSchema = z.strictObject({
  index: count,
  data: hex(),
  path: z.array(hex(32)),
  peaks: z.array(hex(32))
})

const caseSchema = z.strictObject({
  genesis: hex(32),
  coreKey: hex(32),
  fork: big,
  treeHash: hex(32),
  copyId: big,
  spanId: big,
  start: big,
  end: big,
  byteStart: big,
  byteLength: count.max(MOST_BYTES),
  e: count,
  N: hex(256),
  beacon: hex(32),
  p: hexInteger,
  q: hexInteger,
  plaintext: hex().nullable(),
  plaintextHash: hex(32),
  plaintextNote: z.literal(NOTE).nullable(),
  salt: hex(32),
  tag: hex(32),
  cells: count,
  cellsHash: hex(32),
  firstCell: hex(),
  root: hex(32),
  proofs: z.array(proofSchema),
  checkpoints: z.array(z.strictObject({ leaves: count, root: hex(32) }))
})
type Tpe1Case = z.infer<typeof caseSchema>

/** Runs a tpe1-vectors-1 file through salt, encoder, decoder, tree and proofs. */
export async function* verifyTpe1(file: unknown, pool: CodecPool): AsyncGenerator<VectorResult> {
  let cases: unknown[] = []
  const head = await checked(TPE1_FORMAT, 'file', () => {
    cases = parse(fileSchema, file).cases
  })
  if (!head.ok) yield head
  for (const [i, value] of cases.entries())
    yield await checked(TPE1_FORMAT, `case ${i}`, () => verifyCase(parse(caseSchema, value), pool))
}

async function verifyCase(given: Tpe1Case, pool: CodecPool): Promise<void> {
  const plaintext = plaintextOf(given)
  const salt = saltOf({ ...given, byteLength: BigInt(given.byteLength) })
  expectSame('salt', salt, given.salt)
  expectSame('tag', tagOf(salt), given.tag)
  const cells = await encodeAndDecode(given, salt, plaintext, pool)
  expectSame('cells', cells.length / CELL_BYTES, given.cells)
  expectSame('cells of the byte length', cellsOf(given.byteLength), given.cells)
  expectSame('cellsHash', blake2b256(cells), given.cellsHash)
  expectSame('firstCell', cells.subarray(0, CELL_BYTES), given.firstCell)
  await verifyTree(given, cells)
}

function plaintextOf({ plaintext, plaintextNote, byteLength, plaintextHash }: Tpe1Case): Uint8Array {
  if ((plaintext === null) === (plaintextNote === null)) throw new Error('either plaintext or plaintextNote')
  const bytes = plaintext ?? new Uint8Array(byteLength).map((_, i) => (i % 256) ** 2 + 7 * i + 3)
  expectSame('byteLength', bytes.length, byteLength)
  expectSame('plaintextHash', blake2b256(bytes), plaintextHash)
  return bytes
}

async function encodeAndDecode(
  { p, q, e, N, byteLength }: Tpe1Case,
  salt: Uint8Array,
  plaintext: Uint8Array,
  pool: CodecPool
): Promise<Uint8Array> {
  const key = spanKeyFromPrimes(p, q, e)
  expectSame('N', key.N, N)
  const cells = await collect(encodeSpan(pool, { key, salt, byteLength }, [plaintext]))
  const decoded = await collect(decodeSpan(pool, { N, e, salt, byteLength }, [cells]))
  expectSame('decoded plaintext', decoded, plaintext)
  return cells
}

async function verifyTree(
  { tag, root, proofs, checkpoints, cells: total }: Tpe1Case,
  cells: Uint8Array
): Promise<void> {
  const readLeaf = async (index: number): Promise<Uint8Array> =>
    cells.subarray(index * LEAF_BYTES, (index + 1) * LEAF_BYTES)
  const tree = new SpanTree({ tag, store: new MemoryTreeStore() })
  await tree.write(cells)
  expectSame('root', tree.root(), root)
  const commitment = { tag, cells: total, root }
  for (const { index, data, path, peaks } of proofs) {
    const name = `proof ${index} of ${leavesOf(total)}`
    expectSame(name, await tree.proof(index, readLeaf), { data, path })
    expectSame(`${name}, peaks`, tree.peaks(), peaks)
    expectSame(
      `${name}, verified`,
      verifyPeaks(commitment, peaks) && verifyLeaf(commitment, peaks, index, { data, path }),
      true
    )
  }
  for (const { leaves, root: given } of checkpoints)
    expectSame(`checkpoint ${leaves}`, await tree.rootAt(leaves, readLeaf), given)
}
