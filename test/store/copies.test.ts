import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import files, { readdir, writeFile } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { test } from 'node:test'
import fc from 'fast-check'
import { reservedBytes } from '../../src/domain/sizes.ts'
import type { CellsFile } from '../../src/store/cells-file.ts'
import { Copies } from '../../src/store/copies.ts'
import { FilePool } from '../../src/store/file-pool.ts'
import { Limiter } from '../../src/store/limiter.ts'
import { Quota } from '../../src/store/quota.ts'
import { tempFolder } from '../helpers/folder.ts'
import { CELL, filled, openCopies } from './fixtures.ts'

test('copies - each span counts its cells and 80 bytes a block, now and after a restart', async t => {
  const { folder, copies } = await openCopies(t, { quota: new Quota(10_000) })
  const plan = { cells: 30, blocks: 4 }
  assert.equal(reservedBytes(plan.cells, plan.blocks), 30 * 256 + 320)
  const file = await copies.create(1n, plan)
  assert.equal(await copies.create(1n, plan), file)
  await assert.rejects(copies.create(1n, { cells: 31, blocks: 4 }), { code: 'BAD_ARGUMENT' })
  await assert.rejects(copies.create(2n, plan), { code: 'CAPACITY_FULL' })
  assert.equal(copies.quota.used, 8000)
  await copies.close()
  const small = await Copies.open(folder, { quota: new Quota(5000) })
  t.after(() => small.close())
  assert.equal(small.quota.used, 8000)
  assert.equal(small.quota.free, 0)
  await small.remove(1n)
  await small.remove(1n)
  assert.equal(small.quota.used, 0)
  assert.equal(await small.open(1n), null)
})

test('copies - a span whose plan is damaged is not served, still counted, and can be removed', async t => {
  const { folder, copies } = await openCopies(t)
  await filled(copies, 9n, 10)
  await copies.close()
  await writeFile(folder.resolve('copies', '9.json'), '{"version":1,"cells":')
  const again = await Copies.open(folder)
  t.after(() => again.close())
  assert.deepEqual(again.spans, [9n])
  assert.equal(again.quota.used, 10 * CELL)
  await assert.rejects(again.open(9n), { code: 'CELLS_DAMAGED' })
  await again.remove(9n)
  assert.deepEqual(again.spans, [])
})

test('copies - many spans are read at once with few open files', async t => {
  const { copies } = await openCopies(t, { maxOpenFiles: 1 })
  const spans = await Promise.all(Array.from({ length: 60 }, (_, id) => filled(copies, BigInt(id), 3)))
  const reads = spans.flatMap(({ file, data }) =>
    [0, 1, 2].map(async at => {
      assert.deepEqual(Buffer.from(await file.read(at, 1)), data.subarray(at * CELL, (at + 1) * CELL))
    })
  )
  await Promise.all(reads)
})

test('copies - closing a file while it is written keeps what was appended', async t => {
  const { copies } = await openCopies(t)
  const file = await copies.create(1n, { cells: 20, blocks: 1 })
  const data = randomBytes(20 * CELL)
  const appends = Array.from({ length: 20 }, (_, at) =>
    file.append(data.subarray(at * CELL, (at + 1) * CELL))
  )
  await file.close()
  await file.close()
  await Promise.all(appends)
  const again = (await copies.open(1n)) as CellsFile
  assert.notEqual(again, file)
  assert.deepEqual(Buffer.from(await again.read(0, 20)), data)
})

test('copies - a span that is removed is not made again by who still reads it', async t => {
  const { folder, copies } = await openCopies(t)
  const { file } = await filled(copies, 1n, 40)
  const reads = Array.from({ length: 100 }, (_, at) => [file.readLeaf(at % 10), file.tree.read(at % 10)])
  const removed = copies.remove(1n)
  const late = [copies.open(1n), copies.remove(1n)]
  for (const result of await Promise.allSettled([...reads.flat(), file.readLeaf(0), file.tree.read(0)]))
    if (result.status === 'rejected') assert.equal(result.reason.code, 'ABORTED')
  await removed
  assert.equal((await Promise.all(late))[0], null)
  await assert.rejects(file.readLeaf(0), { code: 'ABORTED' })
  await assert.rejects(file.tree.read(0), { code: 'ABORTED' })
  assert.deepEqual(await readdir(folder.resolve('copies')), [])
  await filled(copies, 1n, 3)
})

test('copies - the name of a span’s file is on the disk before any cell', async t => {
  const { folder, copies } = await openCopies(t)
  const path = folder.resolve('copies')
  const done: string[] = []
  const { open } = files
  const restore = () => {
    files.open = open
    syncBuiltinESMExports()
  }
  t.after(restore)
  files.open = async (...options: Parameters<typeof open>) => {
    const file = await open(...options)
    done.push(`open ${options[0]}`)
    const { sync } = file
    file.sync = () => {
      done.push(`sync ${options[0]}`)
      return sync.call(file)
    }
    return file
  }
  syncBuiltinESMExports()
  await copies.create(1n, { cells: 3, blocks: 1 })
  restore()
  const made = done.indexOf(`open ${path}/1.cells`)
  assert.ok(made >= 0 && done.lastIndexOf(`sync ${path}`) > made, done.join('\n'))
})

test('file pool - makes no file unless it is told to', async t => {
  const pool = new FilePool()
  t.after(() => pool.close())
  const path = `${await tempFolder(t)}/one`
  const size = async (create: boolean) => pool.use(path, async file => (await file.stat()).size, { create })
  await assert.rejects(size(false), { code: 'STORAGE_UNWRITABLE' })
  assert.equal(await size(true), 0)
  assert.equal(await size(false), 0)
})

test('file pool - a file that cannot be opened is refused each time, also later', async t => {
  const pool = new FilePool()
  t.after(() => pool.close())
  const path = `${await tempFolder(t)}/no/such`
  for (let i = 0; i < 3; i++) {
    await assert.rejects(
      pool.use(path, async () => undefined),
      { code: 'STORAGE_UNWRITABLE' }
    )
  }
})

test('file pool - a file that fails to close fails one use of another, and keeps the pool from nothing', async t => {
  const pool = new FilePool({ maxOpen: 1, maxConcurrent: 1 })
  const folder = await tempFolder(t)
  const step = async () => undefined
  await pool.use(
    `${folder}/first`,
    async file => {
      const close = file.close.bind(file)
      file.close = async () => {
        await close()
        throw new Error('the disk is gone')
      }
    },
    { create: true }
  )
  await assert.rejects(pool.use(`${folder}/second`, step, { create: true }), /the disk is gone/)
  await pool.use(`${folder}/second`, step)
  await pool.close()
})

test('limiter - never more at once than allowed, in order, and waiting can be given up', async () => {
  const limiter = new Limiter(2)
  const order: number[] = []
  let running = 0
  const step = (id: number) => async () => {
    running += 1
    assert.ok(running <= 2)
    order.push(id)
    await new Promise(resolve => setImmediate(resolve))
    running -= 1
  }
  const aborting = new AbortController()
  const all = [0, 1, 2, 3].map(id => limiter.run(step(id)))
  const given = limiter.run(step(99), aborting.signal)
  aborting.abort()
  await assert.rejects(given, { code: 'ABORTED' })
  await Promise.all([...all, limiter.run(step(4))])
  assert.deepEqual(order, [0, 1, 2, 3, 4])
  await assert.rejects(
    limiter.run(async () => Promise.reject(new Error('x'))),
    /x/
  )
  assert.equal(await limiter.run(async () => 5), 5)
})

test('quota - reservations by name never pass the capacity', () => {
  const names = fc.constantFrom('a', 'b', 'c')
  fc.assert(
    fc.property(fc.array(fc.tuple(names, fc.option(fc.integer({ min: 0, max: 80 })))), operations => {
      const quota = new Quota(100)
      const model = new Map<string, number>()
      for (const [name, bytes] of operations) {
        if (bytes === null) {
          quota.release(name)
          model.delete(name)
          continue
        }
        const others = [...model].reduce((sum, [other, size]) => sum + (other === name ? 0 : size), 0)
        const grows = bytes > (model.get(name) ?? 0)
        if (grows && others + bytes > 100)
          assert.throws(() => quota.reserve(name, bytes), { code: 'CAPACITY_FULL' })
        else {
          quota.reserve(name, bytes)
          model.set(name, bytes)
        }
        assert.equal(
          quota.used,
          [...model.values()].reduce((sum, size) => sum + size, 0)
        )
        assert.equal(quota.used + quota.free, 100)
      }
    })
  )
})
