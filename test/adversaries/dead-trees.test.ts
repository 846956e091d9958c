import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import type { Submitter } from '../../src/chain-client/types.ts'
import { DAT } from '../../src/domain/amounts.ts'
import type { ChainEvent } from '../../src/domain/chain-events.ts'
import { isDatdotError } from '../../src/domain/errors.ts'
import type { Account } from '../../src/domain/ids.ts'
import type { TreeFacts } from '../../src/domain/publish.ts'
import { innerCuts } from '../../src/domain/spans.ts'
import type { Core } from '../../src/hyper/core.ts'
import { AuthorNode } from '../../src/node/author.ts'
import { identityOf } from '../../src/node/identity.ts'
import { is, randomBlocks, readAsStranger, settlements } from '../helpers/job.ts'
import { Network } from '../helpers/network.ts'

const NEWCOMER = { alpha: 1_000_000n, beta: 3_000_000n }
const GIFT = 200n * DAT

async function factsOf(network: Network, core: Core): Promise<TreeFacts> {
  const { spanTarget } = await network.client.params()
  return core.treeFacts(({ length, byteLength }) => innerCuts(byteLength, length, spanTarget))
}

/** A core that was published and paid for, and whose author is gone before it served a byte of it. */
async function publishUnserved(network: Network): Promise<string> {
  const author = new AuthorNode(network.config('lost'))
  await author.ready()
  const core = await author.hyper.createCore('lost')
  await core.append(randomBlocks([50_000, 50_000, 1]))
  const facts = await factsOf(network, core)
  await author.close()
  await network.supporter.submit({ call: 'publish', facts })
  await network.supporter.submit({ call: 'donate', core: facts.key, amount: GIFT, wish: 1 })
  return facts.key
}

/** An account of its own with money of the supporter's. */
async function funded(network: Network, amount: bigint): Promise<Submitter> {
  const { keys, account } = identityOf(new Uint8Array(32).fill(77))
  await network.supporter.submit({ call: 'transfer', to: account, amount })
  return network.client.account(keys)
}

/** Each provider has what it had, and what the chain paid it since: nothing else cost or brought it a planck. */
async function assertNothingElseMoved(network: Network, start: ReadonlyMap<Account, bigint>): Promise<void> {
  const at = await network.client.snapshot()
  const paid = new Map<Account, bigint>()
  const note = (event: ChainEvent) => {
    if (event.event === 'Paid') paid.set(event.who, (paid.get(event.who) ?? 0n) + event.amount)
  }
  for await (const head of network.client.heads(AbortSignal.timeout(60_000), { from: 1 })) {
    for (const event of head.events) note(event)
    if (head.height === at.height) break
  }
  for (const [account, had] of start) {
    const { free, held } = await at.balance(account)
    assert.equal(free + held, had + (paid.get(account) ?? 0n))
  }
}

async function start(t: TestContext): Promise<Network> {
  const network = await Network.start({ signers: 1, pinners: 3, verifiers: 3 })
  t.after(() => network.close())
  return network
}

test('dead trees - one that nobody serves costs its signers nothing and holds up no other, and an old one gives way', async t => {
  const network = await start(t)
  const signal = AbortSignal.timeout(300_000)
  const money = new Map<Account, bigint>()
  for (const { identity } of network.providers) {
    const { free, held } = await (await network.client.snapshot()).balance(identity.account)
    money.set(identity.account, free + held)
  }
  const lost = await publishUnserved(network)
  const hopeless = await network.event(is('CopyAssigned', event => event.core === lost))

  // Meanwhile somebody publishes a tree of another core that is shorter than what its author has.
  const author = new AuthorNode(network.config('author'))
  await author.ready()
  t.after(() => author.close())
  const core = await author.hyper.createCore('test')
  const blocks = randomBlocks([40_000, 1, 0, 65_536, 30_000, 20_000])
  await core.append(blocks.slice(0, 3))
  await author.hyper.join(core).flushed()
  const squatter = await funded(network, 50n * DAT)
  const old = await factsOf(network, core)
  await squatter.submit({ call: 'publish', facts: old })
  await squatter.submit({ call: 'donate', core: old.key, amount: 20n * DAT, wish: 1 })
  const first = await network.event(is('CopyActive'))
  assert.equal((await (await network.client.snapshot()).copy(first.copy))?.tree.length, 3)

  await core.append(blocks.slice(3))
  await network.supporter.submit({ call: 'publish', facts: await factsOf(network, core) })
  await network.supporter.submit({ call: 'donate', core: core.key, amount: GIFT, wish: 3 })
  await assert.rejects(
    squatter.submit({ call: 'publish', facts: old }),
    error => isDatdotError(error, 'CALL_REFUSED') && error.details['name'] === 'NotNewer'
  )
  const second = await network.event(is('CopyActive', ({ copy }) => copy !== first.copy))
  const at = await network.client.snapshot()
  assert.equal((await at.core(core.key))?.length, blocks.length)
  assert.equal((await at.copy(second.copy))?.tree.length, blocks.length)
  await author.close()
  for (const { copy, firstPeriod } of [first, second]) {
    const [settled] = await settlements(network, copy, 1, firstPeriod - 1)
    assert.deepEqual([settled?.proved, settled?.verdict], [true, 'Served'])
  }
  assert.deepEqual(await readAsStranger(network, core.key, blocks.length, signal), blocks)

  // The signer could not fetch a byte of the lost core: it gives the span back in time, and the draw goes on.
  const ended = await network.event(is('CopyEnded', event => event.copy === hopeless.copy))
  assert.equal(ended.reason, 'Declined')
  await network.event(is('CopyAssigned', event => event.core === lost && event.copy !== hopeless.copy))
  const after = await network.client.snapshot()
  assert.equal((await after.pot(lost))?.balance, GIFT, 'declining costs the pot nothing')
  const [signer] = network.of('signer')
  const view = await after.provider(signer?.identity.account ?? '')
  assert.deepEqual(view?.reputation.signer, NEWCOMER)
  await assertNothingElseMoved(network, money)
})
