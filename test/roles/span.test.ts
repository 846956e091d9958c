import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import test from 'node:test'
import { fetchSpan } from '../../roles/span.ts'
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
