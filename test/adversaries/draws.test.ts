import assert from 'node:assert/strict'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { DAT } from '../../src/domain/amounts.ts'
import type { TreeFacts } from '../../src/domain/publish.ts'
import type { CopyView } from '../../src/domain/view.ts'
import { HyperNode } from '../../src/hyper/node.ts'
import { vectorCore } from '../chain-client/local-chain.ts'
import { tempFolder } from '../helpers/folder.ts'
import { randomBlocks } from '../helpers/job.ts'
import { type Roster, Stage } from './stage.ts'

const FACTS = vectorCore('v1 default')
const CORE = FACTS.key
const ROSTER: Roster = { signer: 3, pinner: 4, verifier: 0, other: 8 }

/** The accounts that were drawn, by the core and slot that they were drawn for. */
function crews(copies: readonly CopyView[]): Record<string, (string | null)[]> {
  const entries = copies.map(copy => [
    `${copy.coreKey}/${copy.slot}`,
    [copy.pinner, ...copy.spans.map(span => span.signer)]
  ])
  return Object.fromEntries(entries)
}

/** Where all ways begin: a chain's folder, the seed of the requests on it, and two trees of the second core. */
interface Start {
  folder: string
  seed: number
  old: TreeFacts
  newer: TreeFacts
}

/** A core's tree, and the one that it has after one more block. */
async function twoTrees(storage: string): Promise<[TreeFacts, TreeFacts]> {
  const hyper = new HyperNode({ storage, seed: new Uint8Array(32), host: '127.0.0.1' })
  try {
    await hyper.ready()
    const core = await hyper.createCore('data')
    await core.append(randomBlocks([1000, 2000, 3000]))
    const old = await core.treeFacts(() => [])
    await core.append(randomBlocks([10]))
    return [old, await core.treeFacts(() => [])]
  } finally {
    await hyper.close()
  }
}

/** A chain on which two copies of each core were asked for. */
async function asked(t: TestContext): Promise<Start> {
  const folder = await tempFolder(t)
  const [old, newer] = await twoTrees(join(folder, 'core'))
  const stage = await Stage.open(t, ROSTER, join(folder, 'asked'))
  const [supporter] = stage.people.other
  assert.ok(supporter)
  await stage.registerAll()
  for (const facts of [FACTS, old]) {
    await stage.submit(supporter, { call: 'publish', facts })
    // Both in one window, so that both wait for the same seed.
    while (stage.chain.height % 5 !== 0) await stage.chain.mine()
  }
  for (const { key } of [FACTS, old])
    await stage.submit(supporter, { call: 'donate', core: key, amount: 100n * DAT, wish: 2 })
  const queue = await (await stage.now()).requestQueue()
  const seeds = new Set(queue.map(({ seed }) => seed))
  assert.equal(queue.length, 4)
  assert.equal(seeds.size, 1)
  await stage.client.close()
  await stage.chain.close()
  return { folder, seed: queue[0]?.seed ?? 0, old, newer }
}

/** Goes on from there in its own way, until all four copies are drawn. */
async function drawn(
  t: TestContext,
  { folder, seed, old }: Start,
  name: string,
  meddle: (stage: Stage, ready: () => Promise<void>) => Promise<void>
) {
  const stage = await Stage.fork(t, ROSTER, join(folder, 'asked'), join(folder, name))
  const { seedWindow } = stage.client.constants
  // The next block holds the seed, and what is sent now comes before the chain's own draw in it.
  await meddle(stage, () => stage.mineTo(seed * seedWindow - 1))
  const copies = [...(await stage.drawn(CORE, 2)), ...(await stage.drawn(old.key, 2))]
  const value = (await (await stage.now()).seed(seed))?.value
  await stage.client.close()
  await stage.chain.close()
  return { value, crews: crews(copies) }
}

test('draws - dummies, and calls in any order, by anybody, as often as they like, do not change who is drawn', async t => {
  const start = await asked(t)
  const plain = await drawn(t, start, 'plain', async () => {})
  const enrolled = await drawn(t, start, 'dummies', async stage => {
    // Candidates are counted before the window in which the seed is made: until then nobody knows what a dummy would change.
    await stage.mineTo((start.seed - 1) * stage.client.constants.seedWindow)
    for (const who of stage.people.other.slice(1)) await stage.register(who, 'pinner')
  })
  const ordered = await drawn(t, start, 'ordered', async (stage, ready) => {
    await ready()
    const [, one, two] = stage.people.other
    assert.ok(one && two)
    // The second core first, each by another account.
    await stage.submit(two, { call: 'assign', core: start.old.key })
    await stage.submit(one, { call: 'assign', core: CORE })
  })
  const repeated = await drawn(t, start, 'repeated', async (stage, ready) => {
    const [supporter, , stranger] = stage.people.other
    assert.ok(supporter && stranger)
    assert.equal(await stage.refusal(stranger, { call: 'assign', core: CORE }), 'SeedNotReady')
    assert.equal(await stage.refusal(stranger, { call: 'assign', core: CORE }), 'SeedNotReady')
    assert.equal(await stage.refusal(stranger, { call: 'publish', facts: FACTS }), 'NotNewer')
    await stage.submit(stranger, { call: 'donate', core: CORE, amount: DAT, wish: 2 })
    await stage.submit(supporter, { call: 'setWish', core: CORE, wish: 2 })
    await ready()
    await stage.submit(supporter, { call: 'setWish', core: start.old.key, wish: 2 })
  })
  const renewed = await drawn(t, start, 'renewed', async (stage, ready) => {
    const [supporter] = stage.people.other
    assert.ok(supporter)
    await ready()
    // Its author sees the seed, and has one more block signed.
    await stage.submit(supporter, { call: 'publish', facts: start.newer })
  })
  assert.equal(Object.keys(plain.crews).length, 4)
  for (const meddled of [enrolled, ordered, repeated, renewed]) {
    assert.deepEqual(meddled.value, plain.value, 'the same randomness')
    assert.deepEqual(meddled.crews, plain.crews)
  }
})
