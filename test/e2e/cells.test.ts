import assert from 'node:assert/strict'
import { setMaxListeners } from 'node:events'
import { appendFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import { verifyLeaf, verifyPeaks } from '../../src/codec/proof.ts'
import type { SpanView } from '../../src/domain/view.ts'
import type { Core } from '../../src/hyper/core.ts'
import { AuthorNode } from '../../src/node/author.ts'
import { CheckClient } from '../../src/wire/check-client.ts'
import { setParams } from '../helpers/admin.ts'
import { flip } from '../helpers/harm.ts'
import { is, pinCore, randomBlocks } from '../helpers/job.ts'
import { Network } from '../helpers/network.ts'

const SPAN_BYTES = 16_384

async function shorten(path: string, by: number): Promise<void> {
  await truncate(path, (await stat(path)).size - by)
}

/** What happens to the files of one span each, `<span>.cells`, `.tree` and `.json`, while its pinner is away. */
const HARMS: { damages: boolean; harm(base: string): Promise<unknown> }[] = [
  { damages: true, harm: base => flip(`${base}.cells`, 0) },
  { damages: true, harm: base => flip(`${base}.cells`, 1) },
  { damages: true, harm: base => flip(`${base}.cells`, 0.5) },
  { damages: true, harm: base => shorten(`${base}.cells`, 128) },
  { damages: true, harm: base => truncate(`${base}.cells`, 0) },
  { damages: true, harm: base => rm(`${base}.cells`) },
  { damages: true, harm: base => writeFile(`${base}.json`, '{"version":1,"cells":') },
  { damages: false, harm: base => appendFile(`${base}.cells`, 'more than was written') },
  { damages: false, harm: base => flip(`${base}.tree`, 0.5) },
  { damages: false, harm: base => rm(`${base}.tree`) },
  { damages: false, harm: async () => undefined }
]

/** Asks again at each block until the span is served from its cells. */
async function answered(network: Network, ask: () => Promise<unknown>): Promise<void> {
  for await (const _ of network.client.heads(AbortSignal.timeout(60_000))) {
    const isAnswered = await ask().then(
      () => true,
      error => (error.code === 'NOT_FOUND' ? false : Promise.reject(error))
    )
    if (isAnswered) return
  }
}

/** Resolves when the pinner has told of every span that is damaged. */
function allTold(network: Network, pinner: string, spans: readonly SpanView[]): Promise<unknown> {
  const damaged = spans.filter((_, index) => HARMS[index]?.damages)
  return Promise.all(
    damaged.map(({ id }) =>
      network.told(
        pinner,
        event =>
          event.type === 'warning' && event.code === 'CELLS_DAMAGED' && event.message.includes(`span ${id}:`)
      )
    )
  )
}

/** Reads the core's blocks until all of whole spans are here and `told` is done; the indexes of those that came, each as it was. */
async function readWhole(core: Core, blocks: readonly Uint8Array[], told: Promise<unknown>) {
  const stop = new AbortController()
  setMaxListeners(0, stop.signal)
  const got: number[] = []
  const reads = blocks.map((block, index) =>
    core.get(index, { signal: stop.signal }).then(
      read => {
        assert.deepEqual(Buffer.from(read), Buffer.from(block), `block ${index}`)
        got.push(index)
      },
      error => assert.equal(error.code, 'ABORTED')
    )
  )
  const isWhole = (index: number) => HARMS[Math.floor(index / 4)]?.damages === false
  await Promise.all([told, ...reads.filter((_, index) => isWhole(index))])
  stop.abort()
  await Promise.all(reads)
  return got
}

/** Leaves of whole spans are proved, those of damaged ones refused. */
async function assertLeaves(checks: CheckClient, spans: readonly SpanView[]): Promise<void> {
  for (const [index, { damages }] of HARMS.entries()) {
    const span = spans[index]
    assert.ok(span?.root && span.tag)
    if (damages) {
      await assert.rejects(checks.leaves(span.id, [0]), { code: 'NOT_FOUND' })
      continue
    }
    const commitment = { tag: span.tag, cells: span.cells, root: span.root }
    const { peaks, leaves } = await checks.leaves(span.id, [0, 3])
    assert.ok(verifyPeaks(commitment, peaks))
    for (const [at, leaf] of [0, 3].entries()) {
      const proof = leaves[at]
      assert.ok(proof && verifyLeaf(commitment, peaks, leaf, proof))
    }
  }
}

test('cells - a damaged file is found and told of, nothing wrong of it is ever served, and other spans go on', async t => {
  const network = await Network.start({ signers: 1, pinners: 1, verifiers: 3 })
  t.after(() => network.close())
  // a copy with a damaged span is failed after two periods, and cleaned away: it is to stay until it was looked at
  await setParams(network.client, { spanTarget: SPAN_BYTES, maxFaults: 100 })
  const blocks = randomBlocks(Array(4 * HARMS.length).fill(SPAN_BYTES / 4))
  const job = await pinCore(network, blocks, 1)
  t.after(() => job.author.close())
  const { copy } = await network.event(is('CopyActive'))
  const spans = (await (await network.client.snapshot()).copy(copy))?.spans ?? []
  assert.equal(spans.length, HARMS.length)
  const [pinner] = network.of('pinner')
  assert.ok(pinner)
  const stranger = new AuthorNode(network.config('stranger'))
  t.after(() => stranger.close())
  await stranger.ready()
  const asking = async () => new CheckClient(await stranger.hyper.connect(pinner.identity.noiseKey))
  const early = await asking()
  for (const { id } of spans) await answered(network, () => early.leaves(id, [0]))
  await pinner.stop()
  await job.author.close()
  for (const [index, { harm }] of HARMS.entries())
    await harm(join(pinner.storage, 'copies', String(spans[index]?.id)))

  const told = allTold(network, pinner.name, spans)
  await pinner.start()
  const core = await stranger.hyper.openCore(job.key)
  stranger.hyper.join(core, { server: false, client: true })
  const got = await readWhole(core, blocks, told)
  for (const index of [0, 4 * 1 + 3]) assert.equal(got.includes(index), false, `block ${index}`)
  for (const index of [12, 16, 20, 24]) assert.equal(got.includes(index), false, `block ${index}`)

  await assertLeaves(await asking(), spans)
})
