import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { appendFile, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { test } from 'node:test'
import fc from 'fast-check'
import { SpanTree } from '../../src/codec/tree.ts'
import type { CellsFile, CellsHasher } from '../../src/store/cells-file.ts'
import { Copies } from '../../src/store/copies.ts'
import { CELL, filled, hasher, openCopies, tag } from './fixtures.ts'

test('cells file - what was appended is read by position, also after a restart', async t => {
  const { folder, copies } = await openCopies(t)
  const { file, data, root } = await filled(copies, 5n, 1001)
  assert.equal(file.complete, true)
  assert.deepEqual(Buffer.from(await file.read(17, 30)), data.subarray(17 * CELL, 47 * CELL))
  assert.deepEqual(Buffer.from(await file.readLeaf(250)), data.subarray(1000 * CELL))
  for (const [first, count] of [
    [-1, 1],
    [0, 1002],
    [1001, 1],
    [0.5, 1],
    [0, Number.NaN],
    [0, 2 ** 20]
  ] as const) {
    await assert.rejects(file.read(first, count), { code: 'BAD_RANGE' }, `${first} ${count}`)
  }
  await assert.rejects(file.readLeaf(251), { code: 'BAD_RANGE' })
  await copies.close()
  await assert.rejects(file.read(0, 1), { code: 'ABORTED' })
  const again = await Copies.open(folder)
  t.after(() => again.close())
  assert.deepEqual(again.spans, [5n])
  const same = await again.open(5n)
  assert.equal(same?.complete, true)
  await same?.verify({ root }, hasher(same))
  const tree = await SpanTree.open({ tag, store: same?.tree as CellsFile['tree'] }, 1001, i =>
    (same as CellsFile).readLeaf(i)
  )
  assert.deepEqual(tree.root(), root)
  assert.equal((await tree.proof(250, i => (same as CellsFile).readLeaf(i))).data.length, CELL)
})

test('cells file - appends in any pieces give the same file; part cells and too many are refused', async t => {
  const { copies } = await openCopies(t)
  let id = 0n
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 8 }), async pieces => {
      const cells = pieces.reduce((sum, one) => sum + one, 0)
      const data = randomBytes(cells * CELL)
      const file = await copies.create(id++, { cells, blocks: 1 })
      let at = 0
      const appends = pieces.map(piece => {
        at += piece
        return file.append(data.subarray((at - piece) * CELL, at * CELL))
      })
      await Promise.all(appends)
      assert.deepEqual(await readFile(file.path), data)
      await assert.rejects(file.append(randomBytes(CELL)), { code: 'BAD_RANGE' })
      assert.equal(file.count, cells)
    }),
    { numRuns: 20 }
  )
  const file = await copies.create(id, { cells: 2, blocks: 1 })
  await assert.rejects(file.append(randomBytes(CELL - 1)), { code: 'BAD_RANGE' })
})

test('cells file - a torn last cell is cut at the next opening, what is missing is known', async t => {
  const { folder, copies } = await openCopies(t)
  const { file, root } = await filled(copies, 1n, 8)
  await copies.close()
  await truncate(file.path, 8 * CELL - 100)
  const again = await Copies.open(folder)
  t.after(() => again.close())
  const cut = (await again.open(1n)) as CellsFile
  assert.equal(cut.count, 7)
  assert.equal(cut.complete, false)
  assert.equal((await stat(cut.path)).size, 7 * CELL)
  await assert.rejects(cut.verify({ root }, hasher(cut)), { code: 'CELLS_DAMAGED', message: /7 of 8 cells/ })
  await assert.rejects(cut.read(0, 1), { code: 'CELLS_DAMAGED' })
  await cut.truncate(7)
  assert.equal((await cut.read(0, 1)).length, CELL)
})

test('cells file - one changed bit anywhere is found by verify, and nothing is served after that', async t => {
  const { copies } = await openCopies(t)
  const { file, data, root } = await filled(copies, 1n, 33)
  const steps: number[] = []
  await file.verify({ root }, hasher(file), { onProgress: ({ cells }) => steps.push(cells) })
  assert.deepEqual(steps, [33])
  for (const at of [0, 17 * CELL + 3, 33 * CELL - 1]) {
    const bad = Buffer.from(data)
    bad[at] = (bad[at] ?? 0) ^ 1
    await writeFile(file.path, bad)
    await assert.rejects(file.verify({ root }, hasher(file)), { code: 'CELLS_DAMAGED' }, `byte ${at}`)
    assert.match(file.damage ?? '', /root/)
    await assert.rejects(file.read(0, 1), { code: 'CELLS_DAMAGED' })
    await assert.rejects(file.readLeaf(0), { code: 'CELLS_DAMAGED' })
  }
  await writeFile(file.path, data)
  await file.verify({ root }, hasher(file))
  assert.equal(file.damage, null)
})

test('cells file - a file that became short while open is damaged at the first read that notices', async t => {
  const { copies } = await openCopies(t)
  const { file } = await filled(copies, 1n, 10)
  await truncate(file.path, 4 * CELL)
  assert.equal((await file.read(3, 1)).length, CELL)
  await assert.rejects(file.read(4, 1), { code: 'CELLS_DAMAGED', message: /ends at byte 1024 of 2560/ })
  await assert.rejects(file.read(0, 1), { code: 'CELLS_DAMAGED' })
})

test('cells file - a longer file than the plan is cut to it', async t => {
  const { folder, copies } = await openCopies(t)
  const { file, root } = await filled(copies, 1n, 4)
  await copies.close()
  await appendFile(file.path, randomBytes(1000))
  const again = await Copies.open(folder)
  t.after(() => again.close())
  const same = (await again.open(1n)) as CellsFile
  await same.verify({ root }, hasher(same))
  assert.equal((await stat(same.path)).size, 4 * CELL)
})

test('cells file - verify stops when it is told to', async t => {
  const { copies } = await openCopies(t)
  const { file, root } = await filled(copies, 1n, 10_000)
  const aborting = new AbortController()
  const onProgress = () => aborting.abort()
  const { signal } = aborting
  await assert.rejects(file.verify({ root }, hasher(file), { signal, onProgress }), { code: 'ABORTED' })
  assert.equal(file.damage, null)
})

test('cells file - a full disk is DISK_FULL and leaves what was there', async t => {
  const { folder, copies } = await openCopies(t)
  const file = await copies.create(3n, { cells: 10, blocks: 1 })
  await file.close()
  await rm(file.path)
  await symlink('/dev/full', file.path)
  const full = (await copies.open(3n)) as CellsFile
  await assert.rejects(full.append(randomBytes(CELL)), { code: 'DISK_FULL' })
  assert.equal(full.count, 0)
  const huge = { cells: 2 ** 42, blocks: 1 }
  await assert.rejects(copies.create(4n, huge), { code: 'DISK_FULL' })
  assert.equal(copies.quota.of(Copies.reservation(4n)), 0)
  assert.deepEqual(copies.spans, [3n])
  await assert.rejects(readFile(folder.resolve('copies', '4.json')), { code: 'ENOENT' })
})

test('cells file - the upper tree levels alone are enough for every proof', async t => {
  const { copies } = await openCopies(t)
  const file = await copies.create(1n, { cells: 4 * 37 + 1, blocks: 1 })
  const data = randomBytes(file.plan.cells * CELL)
  const tree = hasher(file, 3)
  for (let at = 0; at < data.length; at += 7 * CELL) {
    await tree.write(data.subarray(at, at + 7 * CELL))
    await file.append(data.subarray(at, at + 7 * CELL))
  }
  await file.checkpoint()
  assert.ok((await stat(file.tree.path)).size <= 32 * 2 * Math.ceil(38 / 8))
  const readLeaf = (index: number) => file.readLeaf(index)
  const again = await SpanTree.open({ tag, store: file.tree, keepDepth: 3 }, file.count, readLeaf)
  assert.deepEqual(again.root(), tree.root())
  for (let leaf = 0; leaf < 38; leaf++) assert.ok((await again.proof(leaf, readLeaf)).data.length > 0)
})

test('cells hasher - any object that hashes in order will do', async t => {
  const { copies } = await openCopies(t)
  const { file, data } = await filled(copies, 1n, 5000)
  const hash = createHash('sha256')
  const plain: CellsHasher = { write: cells => void hash.update(cells), root: () => hash.digest() }
  await file.verify(
    {
      root: createHash('sha256')
        .update(data.subarray(0, 4500 * CELL))
        .digest(),
      cells: 4500
    },
    plain
  )
})
