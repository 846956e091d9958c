import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { spanSecrets } from '../../roles/span.ts'
import { CellDecoder } from '../../src/codec/decode.ts'
import { concat } from '../../src/domain/bytes.ts'
import { CELL_BYTES, cellsOf, SLICE_BYTES } from '../../src/domain/leaves.ts'
import type { CopyView, SpanView } from '../../src/domain/view.ts'
import type { NodeEvent } from '../../src/events.ts'
import { setParams } from '../helpers/admin.ts'
import { is, pinCore, randomBlocks } from '../helpers/job.ts'
import { Network, type Provider } from '../helpers/network.ts'
import { MiscodingSigner, type Mistake } from './miscoder.ts'
import { pause } from './pause.ts'

/** Cores of three blocks are not cut: one span each. */
const BIG = [850_000, 850_000, 850_001]
const SMALL = [30_000, 30_000, 30_000]
const CELLS_PER_MESSAGE = 256
/** Blocks for the seal of a small span: what is refused need not wait for long. */
const SHORT_BASE = 60

interface Pinned {
  copy: CopyView
  span: SpanView
  plain: Uint8Array
}

function cellsIn(sizes: readonly number[]): number {
  return cellsOf(sizes.reduce((sum, size) => sum + size, 0))
}

/** Pins a core of which the signer makes a wrong cell; resolves when that was refused. */
async function pinRefused(t: TestContext, network: Network, signer: Provider, sizes: number[]) {
  const blocks = randomBlocks(sizes)
  const job = await pinCore(network, blocks, 1, { name: `author of ${sizes[0]}` })
  t.after(() => job.author.close())
  const { copy, spans } = await network.event(is('CopyAssigned', event => event.core === job.key))
  const isRefusal = (event: NodeEvent) =>
    event.type === 'warning' &&
    event.code === 'CELL_INVALID' &&
    event.message.startsWith(`encode span ${spans[0]}:`)
  const sealed = network.event(is('SpanSealed', event => event.span === spans[0]))
  await Promise.race([network.told(signer.name, isRefusal), sealed.then(() => assert.fail('it was sealed'))])
  return pinned(network, copy, concat(...blocks))
}

async function pinned(network: Network, id: bigint, plain: Uint8Array): Promise<Pinned> {
  const copy = await (await network.client.snapshot()).copy(id)
  const span = copy?.spans[0]
  assert.ok(copy && span)
  return { copy, span, plain }
}

/** The next copy of a core after one that came to nothing, once it is active. */
async function activeAfter(network: Network, { copy, plain }: Pinned): Promise<Pinned> {
  const isNext = is('CopyAssigned', event => event.core === copy.coreKey && event.copy !== copy.id)
  const { copy: id } = await network.event(isNext)
  await network.event(is('CopyActive', event => event.copy === id))
  return pinned(network, id, plain)
}

/** Asserts that a pinner's file has whole cells that decode to the plain bytes, and nothing else; returns how many. */
async function countTrueCells(network: Network, pinner: Provider, { copy, span, plain }: Pinned) {
  const cells = new Uint8Array(await readFile(join(pinner.storage, 'copies', `${span.id}.cells`)))
  const { salt } = spanSecrets(network.client.constants.genesis, copy, span)
  assert.ok(span.modulus)
  const decoder = new CellDecoder({ N: span.modulus, e: span.e, salt, byteLength: span.byteLength })
  const count = cells.length / CELL_BYTES
  assert.ok(Buffer.from(decoder.decode(0, cells)).equals(plain.subarray(0, count * SLICE_BYTES)))
  return count
}

test('miscoder - one wrong cell in 10,000 is refused, nothing of it kept or sealed, and another signer drawn', {
  timeout: 300_000
}, async t => {
  const [big, small] = [cellsIn(BIG), cellsIn(SMALL)]
  assert.ok(big > 10_000)
  const mistakes: Mistake[] = [
    { cell: randomInt(big), kind: 'other bytes' },
    { cell: randomInt(small - (small % CELLS_PER_MESSAGE), small), kind: 'no encoding' }
  ]
  t.diagnostic(`wrong cells: ${mistakes.map(({ cell, kind }) => `${cell} (${kind})`).join(', ')}`)
  const network = await Network.start({
    signers: 2,
    pinners: 1,
    verifiers: 0,
    late: ['signer-2'],
    makeNode: (name, config, modules) =>
      name === 'signer-1' ? new MiscodingSigner(config, modules, mistakes) : null
  })
  t.after(() => network.close())
  const [bad, good] = network.of('signer')
  const [pinner] = network.of('pinner')
  assert.ok(bad && good && pinner)
  const { sealBase } = await network.client.params()
  await setParams(network.client, { sealBase: SHORT_BASE })

  const refused = [await pinRefused(t, network, bad, BIG), await pinRefused(t, network, bad, SMALL)]
  for (const [i, one] of refused.entries()) {
    const { cell } = mistakes[i] ?? { cell: 0 }
    assert.equal(await countTrueCells(network, pinner, one), cell - (cell % CELLS_PER_MESSAGE))
  }

  await pause(network, bad)
  await setParams(network.client, { sealBase })
  await good.start()
  for (const { copy, span } of refused) {
    assert.equal((await network.event(is('CopyEnded', event => event.copy === copy.id))).reason, 'Expired')
    assert.ok(!network.events.some(is('SpanSealed', event => event.span === span.id)))
  }
  for (const one of refused) {
    const made = await activeAfter(network, one)
    assert.equal(made.span.signer, good.identity.account)
    assert.equal(await countTrueCells(network, pinner, made), cellsOf(one.plain.length))
  }
})
