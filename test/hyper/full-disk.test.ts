import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { bytesOf, LocalNet, tempFolder } from './helpers.ts'

/** In blocks of 512 bytes: POSIX's unit. */
const LIMIT_BLOCKS = 2_048
const BLOCKS = 40

test('full disk - a download that finds no space ends with DISK_FULL, and what came before can be read', async t => {
  const folder = await tempFolder(t)
  const net = await LocalNet.start(t)
  const author = await net.node(join(folder, 'author'), 'author')
  const core = await author.createCore('data')
  await core.append(Array.from({ length: BLOCKS }, (_, index) => bytesOf(`big ${index}`, 65_536)))
  await author.join(core).flushed()
  const [address] = net.bootstrap.addresses
  assert.ok(address)
  const program = fileURLToPath(new URL('./limited-reader.js', import.meta.url))
  const words = [program, join(folder, 'reader'), core.key, address.host, String(address.port)]
  const shell = ['-c', 'ulimit -S -f "$0" && exec "$@"', String(LIMIT_BLOCKS), process.execPath, ...words]
  const { stdout } = await promisify(execFile)('sh', shell)
  const { codes, readable, length } = JSON.parse(stdout)
  assert.deepEqual(codes, ['DISK_FULL', 'DISK_FULL'])
  assert.equal(length, BLOCKS)
  assert.ok(readable < BLOCKS)
})
