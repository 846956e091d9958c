import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import test from 'node:test'
import { fetchSpan, plainBytes } from '../../roles/span.ts'
import { HyperNode } from '../../src/hyper/node.ts'
import { world } from '../helpers/encoded-span.ts'

const options = () => ({ signal: AbortSignal.timeout(20_000), onPart: () => undefined })

test('fetch span - takes the span out of the tree on the chain, also when its author has appended since', async t => {
  const w = await world(t)
  await fetchSpan(w.core, w.copy, w.span, options())
  await w.core.append([randomBytes(10)])
  await fetchSpan(w.core, w.copy, w.span, options())
})

test('fetch span - another tree of the same fork, blocks and bytes is not the one on the chain', async t => {
  const w = await world(t)
  const tree = { ...w.copy.tree, treeHash: randomBytes(32) }
  await assert.rejects(fetchSpan(w.core, { ...w.copy, tree }, w.span, options()), { code: 'CORE_FORKED' })
})

test('fetch span - a later fork is not the tree on the chain', async t => {
  const w = await world(t)
  await w.core.session.truncate(3)
  await w.core.append(Array.from({ length: 10 }, () => randomBytes(100)))
  await assert.rejects(fetchSpan(w.core, w.copy, w.span, options()), { code: 'CORE_FORKED' })
})

test('fetch span - a core that nobody serves is given up after the time without any progress', async t => {
  const w = await world(t)
  const away = new HyperNode({ storage: join(w.folder, 'away'), seed: randomBytes(32), host: '127.0.0.1' })
  t.after(() => away.close())
  await away.ready()
  const core = await away.openCore(w.core.key)
  await assert.rejects(fetchSpan(core, w.copy, w.span, { ...options(), patienceMs: 1 }), {
    code: 'CORE_UNAVAILABLE'
  })
})

test('plain bytes - a block that was dropped meanwhile is missed, never passed over', async t => {
  const w = await world(t)
  await w.core.forget(3, 4)
  const read = async () => {
    let bytes = 0
    for await (const part of plainBytes(w.core, w.span)) bytes += part.byteLength
    return bytes
  }
  await assert.rejects(read(), { code: 'DATA_MISMATCH', message: /block 3/ })
})

test('plain bytes - the empty blocks of the spans around are not asked for', async t => {
  const w = await world(t)
  const first = await w.core.byteOffset(3)
  const end = await w.core.byteOffset(4)
  const own = { ...w.span, start: 3, end: 4, byteStart: first, byteLength: end - first }
  // Block 2 is empty, and begins at the same byte.
  assert.equal(first, await w.core.byteOffset(2))
  await w.core.forget(0, 3)
  await w.core.forget(4, w.core.length)
  const parts: Uint8Array[] = []
  for await (const part of plainBytes(w.core, own)) parts.push(part)
  assert.deepEqual(Buffer.concat(parts), w.plain.subarray(4096, 4096 + own.byteLength))
})
