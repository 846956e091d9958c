import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer, connect as dial, type Socket } from 'node:net'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { HyperNode } from '../../src/hyper/node.ts'
import { CoreShelf } from '../../src/node/core-shelf.ts'
import { closes, inTime } from '../e2e/cli/in-time.ts'
import { Lab, noise } from '../e2e/cli/lab.ts'
import { assertLogsForeseen, type Line, type Program, start } from '../e2e/cli/program.ts'
import { tempFolder } from '../helpers/folder.ts'
import { Deferred } from '../wire/helpers.ts'

const stall = (program: Program) => program.child.kill('SIGSTOP')
const wake = (program: Program) => program.child.kill('SIGCONT')

const isHalfway = (line: Line) =>
  line.type === 'transfer' && Number(line['bytes']) > 0.2 * Number(line['totalBytes'])

/** A line to a chain that tells when its user has dialled, and hung up. */
interface ChainLine {
  url: string
  dialled: Deferred
  hungUp: Deferred
}

async function openLine(t: TestContext, url: string): Promise<ChainLine> {
  const { hostname, port } = new URL(url)
  const sockets: Socket[] = []
  const [dialled, hungUp] = [new Deferred(), new Deferred()]
  const server = createServer(near => {
    const far = dial(Number(port), hostname)
    sockets.push(near, far)
    near.pipe(far).pipe(near)
    for (const socket of [near, far]) socket.on('error', () => socket.destroy())
    near.on('close', () => hungUp.resolve())
    dialled.resolve()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  return { url: `ws://127.0.0.1:${address.port}`, dialled, hungUp }
}

const some = (reader: Program) => reader.line(line => line.type === 'receive' && Number(line['blocks']) > 0)

test('shutdown - a consumer whose author is silent, an author whose consumer is', {
  timeout: 60_000
}, async t => {
  const lab = await Lab.open()
  t.after(() => lab.close())
  await writeFile(lab.path('content'), noise(24 * 2 ** 20, 'shutdown'))
  const author = lab.start('author', ['author', 'publish', lab.path('content')])
  const core = String((await author.says('core'))['core'])
  const get = (name: string) => lab.start(name, ['consumer', 'get', core, '--out', lab.path(`of-${name}`)])

  const reader = get('reader')
  await some(reader)
  stall(author)
  await closes(t, 'consumer get', reader, 2)
  wake(author)

  const silent = get('silent')
  await some(silent)
  stall(silent)
  await closes(t, 'author', author)
  await silent.stop('SIGKILL')

  stall(lab.dht)
  await writeFile(lab.path('short'), noise(1_000, 'short'))
  const unheard = lab.start('unheard', ['author', 'publish', lab.path('short')])
  await unheard.line(line => line.type === 'append' && line['bytes'] === 1_000)
  await closes(t, 'author that the DHT does not answer', unheard)
  wake(lab.dht)
  await closes(t, 'dht', lab.dht)
})

test('shutdown - a node with many cores whose DHT is silent', { timeout: 60_000 }, async t => {
  const lab = await Lab.open()
  t.after(() => lab.close())
  const options = { storage: lab.path('cores'), seed: randomBytes(32), host: '127.0.0.1' }
  const node = new HyperNode({ ...options, bootstrap: lab.bootstrap })
  await node.ready()
  const shelf = new CoreShelf(node, { server: true, idle: 8 })
  for (let i = 0; i < 4; i++) {
    const core = await node.createCore(`core ${i}`)
    await shelf.open(core.key)
    const announced = node.join(core)
    await announced.flushed()
    await announced.leave()
  }
  stall(lab.dht)
  await inTime(t, 'a node with many cores', async () => {
    await shelf.close()
    await node.close()
  })
})

test('shutdown - providers in the middle of a transfer, without DHT, without chain', {
  timeout: 300_000
}, async t => {
  const lab = await Lab.open()
  t.after(() => lab.close())
  const chain = await lab.startChain(300)
  await writeFile(lab.path('content'), noise(1.2 * 2 ** 20, 'shutdown'))
  const author = lab.start('author', ['author', 'publish', lab.path('content')])
  await lab.fund({
    signer: 50n,
    pinner: 50n,
    verifier: 50n,
    hasty: 50n,
    supporter: 200n
  })
  const startOver = (line: ChainLine, role: string[]) => {
    const flags = lab.flags('hasty').map(flag => (flag === lab.chain ? line.url : flag))
    return start(t, [...role, ...flags, '--json'])
  }
  const line = await openLine(t, lab.chain)
  // It waits for the DHT when it closes, as all do that announce themselves; it is too small to be drawn.
  const hasty = startOver(line, ['pinner', '--capacity', '1MiB'])
  const offering = ['pinner', '--capacity', '1GiB']
  let pinner = lab.start('pinner', offering)
  const verifier = lab.start('verifier', ['verifier'])
  let signer = lab.start('signer', ['signer'])
  const core = String((await author.says('core'))['core'])
  await Promise.all([signer, pinner, verifier, hasty].map(node => node.says('registered')))
  const pin = ['supporter', 'pin', core, '--copies', '1', '--donate', '60', '--watch']
  const supporter = lab.start('supporter', pin)

  await t.test('a signer whose pinner is silent, a pinner whose signer is', async t => {
    await pinner.line(isHalfway)
    stall(pinner)
    await closes(t, 'signer', signer)
    wake(pinner)
    const from = pinner.lines.length
    signer = lab.start('signer', ['signer'])
    await pinner.line(line => line.type === 'transfer', from)
    stall(signer)
    await closes(t, 'pinner', pinner)
    await signer.stop('SIGKILL')
  })

  await t.test('nodes whose DHT is silent; a second SIGTERM does not wait for it', async t => {
    pinner = lab.start('pinner', offering)
    await pinner.says('height')
    stall(lab.dht)
    await closes(t, 'author', author)
    await closes(t, 'pinner', pinner)
    hasty.child.kill('SIGTERM')
    await line.hungUp.promise
    const { code, signal } = await hasty.stop('SIGTERM')
    assert.deepEqual([code, signal], [1, null])
    wake(lab.dht)
  })

  await t.test('nodes whose chain is silent, and the chain itself', async t => {
    signer = lab.start('signer', ['signer'])
    await signer.says('height')
    stall(chain)
    const silent = await openLine(t, lab.chain)
    const connecting = startOver(silent, ['verifier'])
    await silent.dialled.promise
    await closes(t, 'verifier', verifier)
    await closes(t, 'supporter', supporter)
    await closes(t, 'connecting', connecting, 2)
    wake(chain)
    await closes(t, 'chain', chain)
    await closes(t, 'signer', signer)
    await closes(t, 'dht', lab.dht)
  })
})

test('shutdown - a local network that is just beginning takes all its processes along', {
  timeout: 120_000
}, async t => {
  const folder = await tempFolder(t)
  await writeFile(join(folder, 'content'), noise(10_000, 'shutdown'))
  const storage = join(folder, 'net')
  const net = start(t, ['testnet', join(folder, 'content'), '--storage', storage, '--json'])
  await net.line(line => line.type === 'stage' && line['name'] === 'funding the nodes')
  await closes(t, 'testnet', net, 2)
  const { chain, nodes } = JSON.parse(await readFile(join(storage, 'testnet.json'), 'utf8'))
  assert.equal(chain, null)
  assert.ok(nodes.length > 0 && nodes.every((node: { pid: number | null }) => node.pid === null))
  await assertLogsForeseen(join(storage, 'logs'))
})
