import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { bytesOf, LocalNet, tempFolder } from './helpers.ts'

/** In blocks of 512 bytes: POSIX's unit. */
const LIMIT_BLOCKS = 2_048
const BLOCKS = 40

/** Runs a program under a limit on the size of its files, and gives the JSON that it prints. */
async function limited(program: string, words: readonly string[]) {
  const path = fileURLToPath(new URL(program, import.meta.url))
  const shell = [
    '-c',
    'ulimit -S -f "$0" && exec "$@"',
    String(LIMIT_BLOCKS),
    process.execPath,
    path,
    ...words
  ]
  const { stdout } = await promisify(execFile)('sh', shell)
  return JSON.parse(stdout)
}

async function authored(t: TestContext) {
  const folder = await tempFolder(t)
  const net = await LocalNet.start(t)
  const author = await net.node(join(folder, 'author'), 'author')
  const core = await author.createCore('data')
  await core.append(Array.from({ length: BLOCKS }, (_, index) => bytesOf(`big ${index}`, 65_536)))
  await author.join(core).flushed()
  const [address] = net.bootstrap.addresses
  assert.ok(address)
  return { folder, author, core, at: [address.host, String(address.port)] }
}

test('full disk - a download that finds no space ends with DISK_FULL, and what came before can be read', async t => {
  const { folder, core, at } = await authored(t)
  const { codes, readable, length } = await limited('./limited-reader.js', [
    join(folder, 'reader'),
    core.key,
    ...at
  ])
  assert.deepEqual(codes, ['DISK_FULL', 'DISK_FULL'])
  assert.equal(length, BLOCKS)
  assert.ok(readable < BLOCKS)
})

test('full disk - a verifier that finds no space for a sample says DISK_FULL, and not that the pinner sent wrong data', async t => {
  const { folder, author, core, at } = await authored(t)
  const treeHash = Buffer.from((await core.treeFacts(() => [])).treeHash).toString('hex')
  const words = [join(folder, 'verifier'), core.key, ...at, author.noiseKey, treeHash, String(BLOCKS)]
  assert.deepEqual(await limited('./limited-verifier.js', words), { end: 'DISK_FULL' })
})
