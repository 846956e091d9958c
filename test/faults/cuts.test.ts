import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import type { SpanFile } from '../../roles/pinner/receiver.ts'
import { spanSecrets } from '../../roles/span.ts'
import { SpanTree } from '../../src/codec/tree.ts'
import { CELL_BYTES, cellsOf } from '../../src/domain/leaves.ts'
import { AuthorNode } from '../../src/node/author.ts'
import type { NodeBase } from '../../src/node/base.ts'
import { WINDOW_CELLS } from '../../src/wire/messages.ts'
import { withDoors } from '../helpers/changed-nodes.ts'
import { is, pinCore, randomBlocks } from '../helpers/job.ts'
import { isLong, scaled } from '../helpers/long.ts'
import { Network } from '../helpers/network.ts'
import { replaced } from '../helpers/replaced.ts'

/** One span, in the long form of three windows: a fourth block would make it two. */
const SIZES = isLong ? [4 << 20, 4 << 20, 4 << 20] : [...Array.from({ length: 11 }, () => 65_536), 0, 7]
const PARTS = { signers: 1, pinners: 1, verifiers: 0, blockTimeMs: scaled(150, 600) }
const CUTS = scaled(3, 2)
/** Cells that a connection carries before it is cut; in the long form more than a window. */
const CELLS_A_CUT = scaled(600, 20_000)
const BLOCKS_A_CUT = scaled(4, 1)

/** What one connection of a span's transfer carried: from which cell on, and how many. */
interface Leg {
  from: number
  cells: number
  /** Cells that the pinner had kept when this connection was cut. */
  kept: number
}

/** Breaks all connections of a node, in the middle of whatever is on the way. */
function cut({ hyper }: NodeBase): void {
  for (const { stream } of hyper.connections) stream.destroy()
}

/** Honest nodes of which the connections of a transfer are watched, and cut by the test. */
class Transfers {
  readonly legs: Leg[] = []
  readonly blocks: number[] = []
  file: SpanFile | null = null

  readonly makeNode = withDoors({
    signer: modules => ({
      ...modules,
      senders: {
        dial: async (...args) => {
          const link = await modules.senders.dial(...args)
          const leg = { from: link.held, cells: 0, kept: 0 }
          this.legs.push(leg)
          return replaced(link, {
            sendCells: async (first, cells) => {
              leg.cells += cells.length / CELL_BYTES
              await link.sendCells(first, cells)
              this.onSent(leg)
            }
          })
        }
      }
    }),
    pinner: modules => ({
      ...modules,
      cores: replaced(modules.cores, {
        open: async key => {
          const core = await modules.cores.open(key)
          const download: typeof core.download = (start, end, options) =>
            core.download(start, end, {
              ...options,
              onProgress: progress => {
                this.blocks.push(progress.blocks)
                options?.onProgress?.(progress)
              }
            })
          return replaced(core, { download })
        }
      }),
      files: replaced(modules.files, {
        create: async (span, plan) => {
          this.file = await modules.files.create(span, plan)
          return this.file
        }
      })
    })
  })

  onSent: (leg: Leg) => void = () => {}
}

test('cuts - what is under way when a connection breaks goes on where it stopped', {
  timeout: scaled(240_000, 900_000)
}, async t => {
  const transfers = new Transfers()
  const { makeNode, legs, blocks } = transfers
  const network = await Network.start({ ...PARTS, makeNode })
  t.after(() => network.close())
  const [pinner] = network.of('pinner')
  const [signer] = network.of('signer')
  assert.ok(pinner?.node && signer?.node)
  const pinning = pinner.node
  const signing = signer.node
  transfers.onSent = leg => {
    if (legs.length > CUTS || leg.kept > 0 || leg.cells < CELLS_A_CUT) return
    leg.kept = transfers.file?.count ?? 0
    cut(legs.length % 2 === 0 ? pinning : signing)
  }

  const plain = randomBlocks(SIZES)
  let uploads = 0
  const job = await pinCore(network, plain, 1, {
    onServed: (author, core) => {
      core.session.on('upload', () => {
        uploads += 1
        if (uploads % BLOCKS_A_CUT === 0 && uploads <= CUTS * BLOCKS_A_CUT) cut(author)
      })
    }
  })
  t.after(() => job.author.close())
  const { copy } = await network.event(is('CopyActive'))
  const view = await (await network.client.snapshot()).copy(copy)
  const span = view?.spans[0]
  assert.ok(view && span && view.spans.length === 1)

  await t.test('author and pinner: blocks that came are kept', () => {
    assert.deepEqual(
      [...blocks].sort((a, b) => a - b),
      blocks
    )
    assert.equal(blocks.at(-1), SIZES.length)
    assert.ok(uploads >= BLOCKS_A_CUT, 'it was cut')
  })

  await t.test(
    'signer and pinner: at most a window of cells is sent twice, and the root is that of the whole',
    async () => {
      assert.equal(legs.length, CUTS + 1)
      for (const [i, { from, cells, kept }] of legs.slice(0, -1).entries()) {
        const next = legs[i + 1]?.from ?? 0
        assert.ok(kept > 0 && next >= kept, `it goes on at ${next}, ${kept} were kept`)
        assert.ok(from + cells - next <= WINDOW_CELLS, `${from + cells - next} cells are sent twice`)
      }
      const total = cellsOf(span.byteLength)
      const sent = legs.reduce((sum, { cells }) => sum + cells, 0)
      assert.ok(sent >= total && sent <= total + CUTS * WINDOW_CELLS)
      t.diagnostic(`${sent} cells sent for a span of ${total}, cut ${CUTS} times`)
      const { genesis } = network.client.constants
      const tree = new SpanTree({ tag: spanSecrets(genesis, view, span).tag })
      await tree.write(await readFile(join(pinner.storage, 'copies', `${span.id}.cells`)))
      assert.deepEqual(tree.root(), span.root)
    }
  )

  await t.test('pinner and reader: the reader gets every block', async () => {
    await job.author.close()
    const signal = AbortSignal.timeout(scaled(60_000, 300_000))
    const reader = new AuthorNode(network.config('reader'))
    t.after(() => reader.close())
    await reader.ready()
    const core = await reader.hyper.openCore(job.key)
    reader.hyper.join(core, { server: false, client: true })
    let cuts = 0
    await core.download(0, plain.length, {
      signal,
      onProgress: ({ blocks: here }) => {
        if (here < BLOCKS_A_CUT * (cuts + 1) || cuts === CUTS) return
        cuts += 1
        cut(cuts % 2 === 0 ? reader : pinning)
      }
    })
    assert.ok(cuts > 0)
    for (const [index, block] of plain.entries())
      assert.deepEqual(new Uint8Array(await core.get(index, { signal })), block)
  })
})
