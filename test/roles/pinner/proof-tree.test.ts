import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readFile, truncate, writeFile } from 'node:fs/promises'
import test, { type TestContext } from 'node:test'
import { ProofTree } from '../../../roles/pinner/proof-tree.ts'
import { KEEP_DEPTH } from '../../../roles/pinner/receiver.ts'
import { verifySpanProof } from '../../../src/codec/proof.ts'
import { CELL, hasher, openCopies, tag } from '../../store/fixtures.ts'

const CELLS = 4 * 100 + 2
const INDEXES = [0, 17, 63, 99, 100]

async function sealed(t: TestContext) {
  const { copies } = await openCopies(t)
  const file = await copies.create(7n, { cells: CELLS, blocks: 2 })
  const data = randomBytes(CELLS * CELL)
  const tree = hasher(file, KEEP_DEPTH)
  await tree.write(data)
  await file.append(data)
  await file.checkpoint()
  const root = tree.root()
  const proofs = () => new ProofTree({ id: 7n, tag, cells: CELLS, root, file })
  const verify = async (made: ProofTree) =>
    assert.ok(verifySpanProof({ tag, cells: CELLS, root }, INDEXES, await made.proof(INDEXES)))
  return { file, data, proofs, verify }
}

test('proof tree - proves leaves from what is stored', async t => {
  const { proofs, verify } = await sealed(t)
  const made = proofs()
  await verify(made)
  await verify(made)
})

test('proof tree - good cells are proved whatever the stored nodes say', async t => {
  const { file, proofs, verify } = await sealed(t)
  const stored = await readFile(file.tree.path)
  for (let at = 0; at < stored.length; at += 32) {
    const torn = Buffer.from(stored)
    torn.fill(0xa5, at, at + 20)
    await writeFile(file.tree.path, torn)
    await verify(proofs())
  }
  await truncate(file.tree.path, 0)
  await verify(proofs())
})

test('proof tree - nodes that become wrong while it is open are computed again, once', async t => {
  const { file, proofs, verify } = await sealed(t)
  const made = proofs()
  await verify(made)
  await writeFile(file.tree.path, randomBytes((await readFile(file.tree.path)).length))
  await Promise.all([verify(made), verify(made)])
})

test('proof tree - damaged cells are damage', async t => {
  const { file, data, proofs } = await sealed(t)
  const bad = Buffer.from(data)
  bad.writeUInt8(bad.readUInt8(70_000) ^ 1, 70_000)
  await writeFile(file.path, bad)
  await assert.rejects(proofs().proof([Math.floor(70_000 / 1024)]), { code: 'CELLS_DAMAGED' })
})
