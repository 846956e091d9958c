import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isDatdotError } from '../../src/domain/errors.ts'
import { measureSample } from '../../src/hyper/measure.ts'
import { HyperNode } from '../../src/hyper/node.ts'
import { seedOf } from './helpers.ts'

// Measures a sample of all blocks of a core, which do not fit under the limit on the size of its files.
const [storage = '', coreKey = '', host = '', port = '', peer = '', treeHash = '', blocks = ''] =
  process.argv.slice(2)
const node = new HyperNode({
  storage,
  seed: seedOf('limited'),
  bootstrap: [{ host, port: Number(port) }],
  host,
  lookupMs: 250
})
await node.ready()
const tempFolder = join(storage, 'samples')
await mkdir(tempFolder)
const length = Number(blocks)
const end = await measureSample(node, {
  coreKey,
  peer,
  tree: { fork: 0n, length, byteLength: length * 65_536, treeHash: Buffer.from(treeHash, 'hex') },
  indexes: Array.from({ length }, (_, index) => index),
  connectTimeoutMs: 60_000,
  timeoutMs: 60_000,
  tempFolder
}).then(
  ({ outcome }) => outcome,
  (error: unknown) => (isDatdotError(error) ? error.code : String(error))
)
process.stdout.write(JSON.stringify({ end }))
process.exit(0)
