import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { tempFolder } from '../helpers/folder.ts'
import { jsonLines, run, start } from './run.ts'

/** A running `datdot chain --json` and its lines. */
async function startChain(t: TestContext, storage: string, args: string[] = []) {
  const child = start(['chain', '--port', '0', '--storage', storage, '--json', ...args])
  t.after(() => child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]()
  const next = async (type: string): Promise<Record<string, unknown>> => {
    for (;;) {
      const { value, done } = await lines.next()
      if (done) throw new Error(`the chain ended before a line of type ${type}`)
      const line = JSON.parse(value)
      if (line.type === type) return line
    }
  }
  return { child, next }
}

test('chain - it makes blocks, ends with 0 on SIGTERM, and goes on after a restart', async t => {
  const storage = join(await tempFolder(t), 'chain')
  const first = await startChain(t, storage, ['--block-time', '100'])
  const told = await first.next('chain')
  assert.match(String(told['url']), /^ws:\/\/127\.0\.0\.1:\d+$/)
  let height = 0
  while (height < 3) height = Number((await first.next('block'))['height'])
  first.child.kill('SIGTERM')
  assert.deepEqual(await once(first.child, 'exit'), [0, null])
  const second = await startChain(t, storage, ['--block-time', '100'])
  const again = await second.next('chain')
  assert.equal(again['genesis'], told['genesis'])
  assert.ok(Number(again['height']) >= height)
  const other = await run(['chain', '--port', '0', '--storage', storage])
  assert.equal(other.code, 1)
  assert.match(other.stderr, /^error STORAGE_LOCKED/)
  second.child.kill('SIGINT')
  assert.deepEqual(await once(second.child, 'exit'), [0, null])
})

test('chain - a port in use is PORT_IN_USE', async t => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address() as { port: number }
  const storage = join(await tempFolder(t), 'chain')
  const { code, stderr } = await run(['chain', '--port', String(port), '--storage', storage])
  assert.equal(code, 1)
  assert.match(stderr, /^error PORT_IN_USE/)
})

test('doctor - it finds a running chain and says what is missing without one', async t => {
  const folder = await tempFolder(t)
  const chain = await startChain(t, join(folder, 'chain'))
  const url = String((await chain.next('chain'))['url'])
  const storage = join(folder, 'node')
  await run(['keys', 'new', '--storage', storage])
  const flags = ['doctor', '--storage', storage, '--json']
  const well = await run([...flags, '--host', '127.0.0.1', '--chain', url])
  const checks = new Map(jsonLines(well.stdout).map(line => [line['check'], line]))
  assert.equal(checks.get('chain')?.['state'], 'ok', well.stdout)
  assert.equal(checks.get('blocks')?.['state'], 'ok')
  assert.equal(checks.get('key')?.['state'], 'ok')
  assert.equal(checks.get('storage')?.['state'], 'ok')
  assert.equal(checks.get('funds')?.['state'], 'warning')
  assert.equal(well.code, 0)
  chain.child.kill('SIGTERM')
  await once(chain.child, 'exit')
  const ill = await run([...flags, '--host', '127.0.0.1', '--chain', url, '--bootstrap', '127.0.0.1:9'])
  assert.equal(ill.code, 1)
  const failed = jsonLines(ill.stdout).filter(line => line['state'] === 'failed')
  assert.deepEqual(
    failed.map(line => line['check']),
    ['bootstrap', 'chain']
  )
  for (const line of failed) assert.notEqual(line['help'], '')
  const foreign = await run([...flags, '--host', '203.0.113.7', '--bootstrap', '127.0.0.1:9'])
  assert.equal(foreign.code, 1)
  for (const check of ['ports', 'bootstrap']) {
    const line = jsonLines(foreign.stdout).find(one => one['check'] === check)
    assert.deepEqual([line?.['state'], line?.['help']], ['failed', 'Choose another --host.'], foreign.stdout)
  }
})
