import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { startBootstrap } from '../../src/hyper/bootstrap.ts'
import { HyperNode } from '../../src/hyper/node.ts'
import { CoreShelf } from '../../src/node/core-shelf.ts'

async function world(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'datdot-shelf-'))
  const bootstrap = await startBootstrap({ nodes: 2 })
  const node = (name: string) => {
    const options = { storage: join(folder, name), seed: randomBytes(32), host: '127.0.0.1' }
    return new HyperNode({ ...options, bootstrap: bootstrap.addresses })
  }
  const [author, reader] = [node('author'), node('reader')]
  t.after(async () => {
    await author.close()
    await reader.close()
    await bootstrap.close()
    await rm(folder, { recursive: true, force: true })
  })
  await author.ready()
  await reader.ready()
  const core = await author.createCore('one')
  await core.append([randomBytes(100), randomBytes(200)])
  await author.join(core).flushed()
  return { core, reader }
}

const within = () => ({ signal: AbortSignal.timeout(20_000) })

test('core shelf - finds the peers of a core that it opens', async t => {
  const { core, reader } = await world(t)
  const shelf = new CoreShelf(reader, { server: false, idle: 0 })
  t.after(() => shelf.close())
  const handle = await shelf.open(core.key)
  await handle.waitForLength(2, within())
  await handle.download(0, 2, within())
  assert.equal((await handle.getLocal(1))?.length, 200)
  await handle.close()
})

test('core shelf - a core stays usable for others when one of its users closes it, twice', async t => {
  const { core, reader } = await world(t)
  const shelf = new CoreShelf(reader, { server: false, idle: 0 })
  t.after(() => shelf.close())
  const [first, second] = await Promise.all([shelf.open(core.key), shelf.open(core.key)])
  await first.close()
  await first.close()
  await second.waitForLength(2, within())
  assert.equal((await second.get(0, within())).length, 100)
  await second.close()
})

test('core shelf - a core can be opened again after its last user closed it', async t => {
  const { core, reader } = await world(t)
  for (const idle of [0, 1]) {
    const shelf = new CoreShelf(reader, { server: false, idle })
    await (await shelf.open(core.key)).close()
    const again = await shelf.open(core.key)
    await again.waitForLength(2, within())
    await again.close()
    await shelf.close()
  }
})

test('core shelf - a core is deleted by its last user, and comes again to who opens it meanwhile', async t => {
  const { core, reader } = await world(t)
  const shelf = new CoreShelf(reader, { server: false, idle: 1 })
  t.after(() => shelf.close())
  const [first, second] = await Promise.all([shelf.open(core.key), shelf.open(core.key)])
  await first.download(0, 2, within())
  await first.purge()
  assert.equal(second.has(0, 2), true)
  const [again] = await Promise.all([second.purge().then(() => shelf.open(core.key)), second.purge()])
  assert.equal(again.has(0), false)
  const gone = again.purge()
  const third = await shelf.open(core.key)
  await gone
  await third.download(0, 2, within())
  assert.equal((await third.getLocal(1))?.length, 200)
  await third.close()
})

test('core shelf - what a temporary shelf has read is deleted when the core makes room for another', async t => {
  const { core, reader } = await world(t)
  const shelf = new CoreShelf(reader, { server: false, idle: 0, isTemporary: true })
  t.after(() => shelf.close())
  const handle = await shelf.open(core.key)
  await handle.download(0, 2, within())
  await handle.close()
  const again = await shelf.open(core.key)
  assert.equal(again.has(0), false)
})
