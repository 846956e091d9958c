import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { CellDecoder, readBytes } from '../../src/codec/decode.ts'
import { encodeSpan } from '../../src/codec/encode.ts'
import { generateSpanKey } from '../../src/codec/key.ts'
import { CodecPool } from '../../src/codec/pool.ts'
import { saltOf } from '../../src/codec/salt.ts'
import type { Core } from '../../src/hyper/core.ts'
import { folderBytes } from '../../src/hyper/storage.ts'
import { bytesOf, LocalNet, seedOf, tempFolder } from './helpers.ts'

/** 0 to 1 MiB, some across the border of the two spans' cells. */
const SIZES = [65_536, 0, 1, 254, 255, 256, 100_003, 1_048_576, 0, 65_536, 3, 510]
/** Two spans, an even cut (protocol.md 9.2). */
const SPANS = [
  { id: 1n, start: 0, end: 6 },
  { id: 2n, start: 6, end: SIZES.length }
]

interface HeldSpan {
  start: number
  end: number
  byteStart: number
  decoder: CellDecoder
  file: FileHandle
}

async function encoded(t: TestContext, pool: CodecPool, core: Core, folder: string, span: (typeof SPANS)[0]) {
  const { id, start, end } = span
  const byteStart = await core.byteOffset(start)
  const byteLength = (await core.byteOffset(end)) - byteStart
  const key = await generateSpanKey()
  const salt = saltOf({
    genesis: seedOf('genesis'),
    coreKey: Buffer.from(core.key, 'hex'),
    treeHash: seedOf('tree'),
    beacon: seedOf('beacon'),
    fork: 0n,
    copyId: 1n,
    spanId: id,
    start: BigInt(start),
    end: BigInt(end),
    byteStart: BigInt(byteStart),
    byteLength: BigInt(byteLength),
    e: key.e,
    N: key.N
  })
  const path = join(folder, `${id}.cells`)
  const file = await open(path, 'w+')
  t.after(() => file.close())
  const plain = async function* () {
    for (let index = start; index < end; index++) yield await core.get(index)
  }
  for await (const cells of encodeSpan(pool, { key, salt, byteLength }, plain())) await file.write(cells)
  const decoder = new CellDecoder({ N: key.N, e: key.e, salt, byteLength })
  return { start, end, byteStart, decoder, file } satisfies HeldSpan
}

test('served from cells - a stock peer reads the whole core from TPE-1 cells alone, one of them damaged is not served', async t => {
  const folder = await tempFolder(t)
  const net = await LocalNet.start(t)
  const pool = new CodecPool({ workers: 1 })
  await pool.ready()
  t.after(() => pool.close())
  const author = await net.node(join(folder, 'author'), 'author')
  const source = await author.createCore('data')
  await source.append(SIZES.map((size, index) => bytesOf(`cell ${index}`, size)))
  await author.join(source, { client: false }).flushed()

  const pinner = await net.node(join(folder, 'pinner'), 'pinner', { cacheBytes: 0 })
  const core = await pinner.openCore(source.key)
  const joined = pinner.join(core)
  await core.waitForLength(SIZES.length)
  await core.download(0, SIZES.length)
  const held: HeldSpan[] = []
  for (const span of SPANS) held.push(await encoded(t, pool, core, folder, span))
  await pinner.setDecoder(core.key, async index => {
    const span = held.find(({ start, end }) => index >= start && index < end)
    if (!span) return null
    const begin = (await core.byteOffset(index)) - span.byteStart
    const end = (await core.byteOffset(index + 1)) - span.byteStart
    return readBytes(span.decoder, begin, end, async (first, count) => {
      const { buffer } = await span.file.read(Buffer.alloc(256 * count), 0, 256 * count, 256 * first)
      return buffer
    })
  })
  await core.dropPlain(0, SIZES.length)
  await author.close()
  await joined.flushed()
  assert.equal((await core.storedBytes()).blocks, 0)
  assert.ok((await folderBytes(join(folder, 'pinner'))) < 400_000)

  const stock = net.stock(join(folder, 'stock'))
  const copy = await stock.download(Buffer.from(core.key, 'hex'), SIZES.length)
  for (const [index, size] of SIZES.entries()) {
    assert.deepEqual(Buffer.from((await copy.get(index)) ?? 'missing'), bytesOf(`cell ${index}`, size))
  }

  // Cell 257 holds the last byte of block 0.
  await held[0]?.file.write(Buffer.alloc(256, 0xff), 0, 256, 256 * 257)
  const reported = once(pinner, 'corrupt-block')
  assert.equal(await core.getLocal(0), null)
  const [event] = await reported
  assert.equal(event.index, 0)
  assert.equal(event.error.code, 'CELL_INVALID')
  assert.equal(core.has(0), false)
  assert.deepEqual(Buffer.from((await core.getLocal(6)) ?? 'missing'), bytesOf('cell 6', 100_003))
})
