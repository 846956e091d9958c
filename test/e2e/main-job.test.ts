import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import test from 'node:test'
import { DAT } from '../../src/domain/amounts.ts'
import type { ChainEvent } from '../../src/domain/view.ts'
import { AuthorNode } from '../../src/node/author.ts'
import { SupporterNode } from '../../src/node/supporter.ts'
import { Network } from '../helpers/network.ts'

const verbose = process.env['E2E_VERBOSE'] !== undefined

function blocks(): Uint8Array[] {
  const sizes = [1, 4096, 0, 65_536, 255, 30_000, 7, 65_536, 1020, 50_000, 3, 64_000]
  return sizes.map(size => new Uint8Array(randomBytes(size)))
}

test('main job - a core is encoded, sealed, proved, checked, paid for and read from pinners alone', async t => {
  const network = await Network.start({
    signers: 2,
    pinners: 2,
    verifiers: 3,
    onEvent: (name, event) => {
      if (event.type === 'height') return
      if (verbose || event.type === 'warning')
        console.error(
          name,
          JSON.stringify(event, (_, v) => (typeof v === 'bigint' ? `${v}` : v))
        )
    }
  })
  t.after(() => network.close())
  const data = blocks()
  const author = new AuthorNode(network.config('author'))
  t.after(() => author.close())
  await author.ready()
  const core = await author.hyper.createCore('test')
  await core.append(data)
  await author.hyper.join(core).flushed()

  const supporter = new SupporterNode(network.config('supporter'), network.modules)
  t.after(() => supporter.close())
  await supporter.ready()
  const signal = AbortSignal.timeout(120_000)
  const role = supporter.role(core.key)
  assert.ok(role)
  const facts = await factsOf(supporter, core.key, signal)
  await network.supporter.submit({ call: 'publish', facts })
  await network.supporter.submit({ call: 'donate', core: core.key, amount: 100n * DAT, wish: 1 })
  const active = await network.event(
    (event): event is Extract<ChainEvent, { event: 'CopyActive' }> => event.event === 'CopyActive'
  )
  await author.close()

  const settled = await settlements(network, active.copy, 2)
  for (const { proved, verdict, minted, burned } of settled) {
    assert.equal(proved, true)
    assert.equal(verdict, 'Served')
    assert.ok(minted > 0n)
    assert.equal(minted, burned)
  }
  const read = await readAll(network, core.key, data.length, signal)
  assert.deepEqual(read, data)
})

/** The first settlements of a copy, in order. */
async function settlements(network: Network, copy: bigint, count: number) {
  type Settled = Extract<ChainEvent, { event: 'Settled' }>
  const found: Settled[] = []
  for (let period: number | null = null; found.length < count; ) {
    const settled: Settled = await network.event(
      (event): event is Settled =>
        event.event === 'Settled' && event.copy === copy && (period === null || event.period > period)
    )
    period = settled.period
    found.push(settled)
  }
  return found
}

/** What a stock peer, which knows nothing of us, reads of a core. */
async function readAll(network: Network, key: string, length: number, signal: AbortSignal) {
  const stock = new AuthorNode(network.config('stock'))
  try {
    await stock.ready()
    const core = await stock.hyper.openCore(key)
    const joined = stock.hyper.join(core, { server: false, client: true })
    await core.download(0, length, { signal })
    const blocks: Uint8Array[] = []
    for (let index = 0; index < length; index++)
      blocks.push(new Uint8Array(await core.get(index, { signal })))
    await joined.leave()
    await core.close()
    return blocks
  } finally {
    await stock.close()
  }
}

async function factsOf(supporter: SupporterNode, key: string, signal: AbortSignal) {
  const { innerCuts } = await import('../../src/domain/spans.ts')
  const core = await supporter.hyper.openCore(key)
  const joined = supporter.hyper.join(core, { server: false, client: true })
  await core.update({ signal })
  const { spanTarget } = await supporter.chain.params()
  const facts = await core.treeFacts(({ length, byteLength }) => innerCuts(byteLength, length, spanTarget), {
    signal
  })
  await joined.leave()
  await core.close()
  return facts
}
