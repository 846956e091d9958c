import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import Hypercore, { type Manifest } from 'hypercore'
import HyperDHT from 'hyperdht'
import type { Stranger } from '../e2e/cli/stranger.ts'
import { scaled } from '../helpers/long.ts'

const keyPair = HyperDHT.keyPair(createHash('sha256').update('author of all shapes').digest())
const namespace = createHash('sha256').update('a namespace').digest()
const signers = [{ publicKey: keyPair.publicKey, namespace }]

/** The largest block that hypercore appends. */
const MIB_OF_BLOCK = 15
const MIB_OF_CORE = scaled(1, 256)

/** A core as the stock stack makes it. */
export interface Shape {
  name: string
  sizes: readonly number[]
  make(author: Stranger, blocks: Buffer[], folder: string): Promise<Hypercore>
}

export function randomBlocks(sizes: readonly number[]): Buffer[] {
  return sizes.map(size => randomBytes(size))
}

/** A core of the stock stack's own making. */
async function plain(author: Stranger, blocks: Buffer[]): Promise<Hypercore> {
  const core = author.store.get({ name: randomBytes(8).toString('hex') })
  await core.ready()
  await core.append(blocks)
  return core
}

function repeated(length: number, size: number): number[] {
  return Array.from({ length }, () => size)
}

/** So many bytes that there are several spans where the length allows it. */
export const LENGTHS: Shape[] = [2, 3, 7, 8, 9, 255, 256, 257].map(length => ({
  name: `${length} blocks`,
  sizes: repeated(length, length < 10 ? 1_000 : 30),
  make: plain
}))

export const SIZES: Shape[] = [
  { name: 'one byte', sizes: [1], make: plain },
  {
    name: '10,000 blocks of 0 to 8 bytes',
    sizes: repeated(10_000, 0).map((_, i) => i % 9),
    make: plain
  },
  {
    name: `${MIB_OF_CORE} MiB in blocks of 64 KiB`,
    sizes: repeated(16 * MIB_OF_CORE, 65_536),
    make: plain
  },
  {
    name: 'empty blocks at the start, at the cuts and at the end, and spans of nothing else',
    sizes: [0, 0, 40_000, 0, 0, 0, 30_000, 0],
    make: plain
  }
]

export const LARGEST: Shape[] = [
  { name: `one block of ${MIB_OF_BLOCK} MiB`, sizes: [MIB_OF_BLOCK * 2 ** 20], make: plain }
]

const SOME = [3_000, 0, 1, 3_100, 17, 1_000]

function withManifest(version: number, more: object = {}): Shape['make'] {
  const manifest: Partial<Manifest> = { version, quorum: 1, signers, ...more }
  return async (author, blocks) => {
    const core = author.store.get({ keyPair, manifest })
    await core.ready()
    await core.append(blocks)
    return core
  }
}

/** A compat core is none of a corestore's: it replicates by itself on each connection. */
async function compat(author: Stranger, blocks: Buffer[], folder: string): Promise<Hypercore> {
  const core = new Hypercore(await mkdtemp(join(folder, 'compat-')), null, { keyPair, compat: true })
  await core.ready()
  await core.append(blocks)
  author.swarm.on('connection', stream => core.replicate(stream))
  return core
}

/** The first `count` blocks are valid by their hash alone. */
function withPrologue(count: number): Shape['make'] {
  return async (author, blocks) => {
    const first = await plain(author, blocks.slice(0, count))
    const prologue = { hash: await first.treeHash(), length: count }
    return withManifest(1, { prologue })(author, blocks, '')
  }
}

async function forked(author: Stranger, blocks: Buffer[]): Promise<Hypercore> {
  const core = await plain(author, randomBlocks([100, 200, 5_000]))
  await core.truncate(1)
  await core.append(randomBlocks([1]))
  await core.truncate(0)
  await core.append(blocks)
  return core
}

export const KINDS: Shape[] = [
  { name: 'a compat core', sizes: SOME, make: compat },
  { name: 'a manifest of version 0', sizes: SOME, make: withManifest(0) },
  { name: 'a manifest of version 1 with a namespace', sizes: SOME, make: withManifest(1) },
  {
    name: 'a manifest of version 2 with user data',
    sizes: SOME,
    make: withManifest(2, { userData: Buffer.from('anything') })
  },
  {
    name: 'a manifest of version 2 with linked cores',
    sizes: SOME,
    make: withManifest(2, { linked: [namespace, keyPair.publicKey] })
  },
  { name: 'a manifest of version 3', sizes: SOME, make: withManifest(3) },
  { name: 'exactly a prologue', sizes: SOME, make: withPrologue(SOME.length) },
  { name: 'a prologue and more', sizes: SOME, make: withPrologue(2) },
  { name: 'a core that was cut twice', sizes: SOME, make: forked }
]
