import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { DAT } from '../../src/domain/amounts.ts'
import { toHex } from '../../src/domain/bytes.ts'
import type { CopyId, CoreKey, Period } from '../../src/domain/ids.ts'
import { spanCount } from '../../src/domain/spans.ts'
import type { Params } from '../../src/domain/view.ts'
import { Stranger } from '../e2e/cli/stranger.ts'
import { setParams } from '../helpers/admin.ts'
import { scaled } from '../helpers/long.ts'
import { Network } from '../helpers/network.ts'
import { firstActive, openSupporter, pin, servedPeriod } from './job.ts'
import { randomBlocks, type Shape } from './shapes.ts'

interface Made {
  shape: Shape
  key: CoreKey
  blocks: Buffer[]
}

async function makeAll(author: Stranger, shapes: readonly Shape[], folder: string): Promise<Made[]> {
  const made: Made[] = []
  for (const shape of shapes) {
    const blocks = randomBlocks(shape.sizes)
    const core = await shape.make(author, blocks, folder)
    await author.join(core, { server: true, client: false })
    made.push({ shape, key: toHex(core.key), blocks })
  }
  return made
}

async function assertSpans(network: Network, copy: CopyId, { sizes }: Shape, target: number): Promise<void> {
  const spans = (await (await network.client.snapshot()).copy(copy))?.spans ?? []
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  assert.equal(spans.length, spanCount(bytes, sizes.length, target))
  for (const { start, end, byteLength, signer } of spans) {
    assert.equal(
      byteLength,
      sizes.slice(start, end).reduce((sum, size) => sum + size, 0)
    )
    assert.equal(signer === null, byteLength === 0)
  }
}

interface JobOptions {
  spanTarget: number
  blockTimeMs: number
  /** Of the chain, besides. */
  params?: Partial<Params>
  /** Waits until a period of the copy, from its first one on, is proved and served. */
  served?: (network: Network, copy: CopyId, first: Period) => Promise<unknown>
}

/** Cores of these shapes go through the whole job; a subtest for each reads it from its pinner alone, its author and signer gone. */
export async function wholeJob(
  t: TestContext,
  shapes: readonly Shape[],
  { spanTarget, blockTimeMs, params = {}, served = servedPeriod }: JobOptions
): Promise<void> {
  const network = await Network.start({ signers: 1, pinners: 1, verifiers: 1, blockTimeMs })
  t.after(() => network.close())
  // One machine is everybody: 64 keys for 256 MiB take it longer than signers of their own.
  const commitDeadline = scaled(150, 600)
  await setParams(network.client, { spanTarget, verifiers: 1, commitDeadline, ...params })
  const author = await Stranger.open(network.bootstrap.addresses)
  t.after(() => author.close())
  const made = await makeAll(author, shapes, network.folder)
  const supporter = await openSupporter(network, 5_000n * DAT)
  t.after(() => supporter.close())
  await Promise.all(made.map(({ key }) => pin(supporter, key, 1)))
  const active = await Promise.all(made.map(({ key }) => firstActive(network, key)))
  await author.close()
  for (const signer of network.of('signer')) await signer.stop()

  const reader = await Stranger.open(network.bootstrap.addresses)
  t.after(() => reader.close())
  for (const [i, { shape, key, blocks }] of made.entries())
    await t.test(shape.name, async () => {
      const { copy, firstPeriod } = active[i] ?? assert.fail()
      await assertSpans(network, copy, shape, spanTarget)
      await served(network, copy, firstPeriod)
      const read = await reader.read(key)
      assert.ok(read.every((block, at) => blocks[at]?.equals(block)))
      assert.deepEqual(
        read.map(block => block.length),
        shape.sizes
      )
    })
  // Two peers that dial each other keep one of their connections.
  assert.deepEqual(
    network.warnings.filter(warning => !warning.includes('WIRE_CLOSED')),
    []
  )
}
