import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { join } from 'node:path'
import test from 'node:test'
import { DatdotError } from '../../../src/domain/errors.ts'
import { BLOCKS, sealed, served, start, world } from './machine.ts'

test('pinner - what was served is served after a restart before the chain is read, and not compacted again', async t => {
  const w = await world(t)
  const first = await served(w)
  const core = await first.hyper.openCore(w.copy.coreKey)
  assert.equal((await core.storedBytes()).blocks, 0)
  await first.close()
  await w.source.node.close()

  const second = await start(w, [sealed(w)])
  await second.pinner.restore()
  const again = await second.hyper.openCore(w.copy.coreKey)
  const { db } = again.session.core.state.storage
  let compactions = 0
  const compactRange = db.compactRange.bind(db)
  db.compactRange = options => {
    compactions += 1
    return compactRange(options)
  }
  const stock = w.net.stock(join(w.folder, 'stock'))
  const copy = await stock.download(Buffer.from(w.copy.coreKey, 'hex'), BLOCKS.length)
  for (const [index, block] of BLOCKS.entries())
    assert.deepEqual(Buffer.from((await copy.get(index)) ?? ''), block)
  second.run()
  await once(second.told, 'height')
  await once(second.told, 'height')
  await second.close()
  assert.equal(compactions, 0)
})

test('pinner - an older copy of a core is deleted as a whole before a new one is set up', async t => {
  const w = await world(t)
  await (await served(w)).close()
  const span = { ...w.span, id: 20n, copyId: 2n, state: 'Assigned' as const, modulus: null }
  const second = await start(w, [{ ...w.copy, id: 2n, spans: [span] }])
  second.run()
  await w.spans.until(20n, note => note?.stage === 'plain')
  assert.deepEqual([...w.spans.rows.keys()], ['20'])
  const core = await second.hyper.openCore(w.copy.coreKey)
  assert.equal((await core.storedBytes()).blocks, BLOCKS.length)
  assert.deepEqual(Buffer.from((await core.getLocal(4)) ?? ''), BLOCKS[4])
  await second.close()
})

test('pinner - plain blocks that are lost before the cells came are fetched again', async t => {
  const w = await world(t)
  let losses = 0
  const run = await served(w, async hyper => {
    if (losses++ > 0) return
    const core = await hyper.openCore(w.copy.coreKey)
    const write = core.session.core.state.storage.write()
    write.deleteBlockRange(0, BLOCKS.length)
    await write.flush()
  })
  await run.close()
  assert.equal(losses, 2)
})

test('pinner - only damage ends a span: trouble in reading it is a warning', async t => {
  const w = await world(t)
  const run = await served(w)
  const damaged = () => w.spans.rows.get('10')?.[1].damaged
  run.corrupt.emit('block', w.copy.coreKey, 1, new DatdotError('WORKER_FAILED'))
  assert.equal(damaged(), false)
  assert.ok(run.events.some(event => event.type === 'warning' && event.code === 'WORKER_FAILED'))
  run.corrupt.emit('block', w.copy.coreKey, 1, new DatdotError('CELL_INVALID'))
  await w.spans.until(10n, note => note?.damaged === true)
  await run.close()
})

test('pinner - damage that could not be noted is noted when it is found again', async t => {
  const w = await world(t)
  const run = await served(w)
  const put = w.spans.put.bind(w.spans)
  w.spans.put = async () => {
    w.spans.put = put
    throw new DatdotError('DISK_FULL')
  }
  const find = () => run.corrupt.emit('block', w.copy.coreKey, 1, new DatdotError('CELL_INVALID'))
  const refused = once(run.told, 'warning')
  find()
  await refused
  run.told.on('height', find)
  await w.spans.until(10n, note => note?.damaged === true)
  await run.close()
})

test('pinner - a settlement that is refused each time is sent ever more seldom, and is no trouble to tell of', async t => {
  const w = await world(t)
  await (await served(w)).close()
  const settleable = { ...sealed(w), firstPeriod: 0, lastSettled: -1, endsAfter: 0 }
  const heights: number[] = []
  const told = new EventEmitter()
  const run = await start(w, [settleable], undefined, ({ call }) => {
    if (call !== 'settle') return
    heights.push(run.events.flatMap(event => (event.type === 'height' ? [event.height] : [])).at(-1) ?? 0)
    told.emit('call')
    throw new DatdotError('CALL_REFUSED')
  })
  run.run()
  while (heights.length < 4) await once(told, 'call')
  await run.close()
  const waited = heights.slice(1).map((height, index) => height - (heights[index] ?? 0))
  assert.ok(
    [1, 2, 4].every((least, index) => (waited[index] ?? 0) >= least),
    `${waited}`
  )
  assert.deepEqual(
    run.events.filter(event => event.type === 'warning'),
    []
  )
})
