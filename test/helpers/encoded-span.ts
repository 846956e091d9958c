import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { spanSecrets } from '../../roles/span.ts'
import { cryptoReady, newPhrase, phraseToMiniSecret } from '../../src/chain-client/keys.ts'
import { encodeSpan } from '../../src/codec/encode.ts'
import { generateSpanKey, type SpanKey } from '../../src/codec/key.ts'
import { CodecPool } from '../../src/codec/pool.ts'
import { SpanTree } from '../../src/codec/tree.ts'
import type { CopyView, SpanView } from '../../src/domain/view.ts'
import type { Core } from '../../src/hyper/core.ts'
import { HyperNode } from '../../src/hyper/node.ts'
import { identityOf } from '../../src/node/identity.ts'
import { copyView, spanView } from './views.ts'

export const SIZES = [1, 4096, 0, 65_536, 255, 30_000, 7, 131_072, 1020, 50_001]
export const genesis = new Uint8Array(32).fill(0x45)

/** A core here, one keyed span of it (all but its first block), and who makes and keeps its copy. */
export interface World {
  folder: string
  core: Core
  pool: CodecPool
  copy: CopyView
  span: SpanView
  plain: Buffer
  key: SpanKey
  signer: ReturnType<typeof identityOf>
  pinner: ReturnType<typeof identityOf>
}

/** Makes a world that goes with the test. */
export async function world(t: TestContext): Promise<World> {
  await cryptoReady()
  const folder = await mkdtemp(join(tmpdir(), 'datdot-transfer-'))
  const pool = new CodecPool({ workers: 1 })
  const hyper = new HyperNode({ storage: join(folder, 'cores'), seed: randomBytes(32), host: '127.0.0.1' })
  t.after(async () => {
    await pool.close()
    await hyper.close()
    await rm(folder, { recursive: true, force: true })
  })
  await hyper.ready()
  const blocks = SIZES.map(size => randomBytes(size))
  const core = await hyper.createCore('plain')
  await core.append(blocks)
  const key = await generateSpanKey()
  const [signer, pinner] = [
    identityOf(phraseToMiniSecret(newPhrase())),
    identityOf(phraseToMiniSecret(newPhrase()))
  ]
  const plain = Buffer.concat(blocks.slice(1))
  const span = spanView({
    signer: signer.account,
    state: 'Keyed',
    modulus: key.N,
    start: 1,
    end: SIZES.length,
    byteStart: 1,
    byteLength: plain.length
  })
  const { fork, length, byteLength, treeHash } = await core.treeFacts(() => [])
  const tree = { fork, length, byteLength, treeHash }
  const copy = copyView({ coreKey: core.key, tree, spans: [span] })
  return { folder, core, pool, copy, span, plain, key, signer, pinner }
}

/** The cells of some plain bytes under the world's key, and their tree. */
export async function encodeAll(
  w: Pick<World, 'copy' | 'span' | 'pool' | 'key'>,
  plain: Uint8Array
): Promise<{ cells: Uint8Array[]; tree: SpanTree }> {
  const { salt, tag } = spanSecrets(genesis, w.copy, w.span)
  const cells: Uint8Array[] = []
  const tree = new SpanTree({ tag })
  for await (const batch of encodeSpan(w.pool, { key: w.key, salt, byteLength: plain.length }, [plain])) {
    cells.push(batch)
    await tree.write(batch)
  }
  return { cells, tree }
}
