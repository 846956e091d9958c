import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { DAT } from '../../src/domain/amounts.ts'
import type { ProviderRole } from '../../src/domain/ids.ts'
import { ENDOWMENT, keysOf, noiseKeys, vectorCore } from './local-chain.ts'
import { CORE, FACTS, GIB, World } from './world.ts'

let world: World

before(async () => {
  world = await World.open()
})

after(() => world.close())

async function empty(): Promise<void> {
  const at = await world.now()
  const { account } = world.supporter
  assert.equal(await at.provider(account), null)
  assert.equal(await at.core(CORE), null)
  assert.equal(await at.pot(CORE), null)
  assert.equal(await at.shares(CORE, account), null)
  assert.equal(await at.copy(0n), null)
  assert.equal(await at.span(0n), null)
  assert.equal(await at.record(0n, 0), null)
  assert.deepEqual(await at.roleSlots('pinner'), [])
  assert.deepEqual(await at.requests(CORE), [])
  assert.deepEqual(await at.requestQueue(), [])
  assert.deepEqual(await at.copiesOf(CORE), [])
  assert.deepEqual(await at.copiesOfPinner(account), [])
  assert.deepEqual(await at.spansOfSigner(account), [])
  assert.deepEqual(await at.totals(), { minted: 0n, burnedForWork: 0n, fees: 0n })
  assert.deepEqual(await at.coreParties(CORE, account), { pinner: 0, signer: 0 })
  assert.equal(await at.nonce(account), 0)
  const { free, held, spendable } = await at.balance(account)
  assert.deepEqual([free, held, spendable], [ENDOWMENT, 0n, ENDOWMENT - 10n ** 10n])
}

async function parameters(): Promise<void> {
  const params = await world.client.params()
  const { samples, verifiers, spanTarget, maxCopies, x, y, z, pinnerUnit, throughputTarget } = params
  assert.deepEqual([samples, verifiers, spanTarget, maxCopies], [20, 3, 1.5 * 2 ** 20, 16])
  assert.deepEqual([x, y, z, pinnerUnit, throughputTarget], [DAT, DAT / 10n, DAT / 20n, GIB, 1024])
  assert.equal(Object.keys(params).length, 25)
}

async function registered(): Promise<void> {
  await world.register()
  const pinner = await keysOf(4)
  const at = await world.now()
  const view = await at.provider(pinner.account)
  assert.deepEqual(view, {
    account: pinner.account,
    roles: ['pinner'],
    noiseKey: world.noise.get(pinner.account),
    capacity: 2n * GIB,
    reserved: 0n,
    reputation: Object.fromEntries(
      ['signer', 'pinner', 'verifier'].map(role => [role, { alpha: 1_000_000n, beta: 3_000_000n }])
    ),
    registeredAt: view?.registeredAt,
    paused: false,
    payout: pinner.account,
    deposit: 20n * DAT,
    leavingAt: null
  })
  assert.equal((await at.balance(pinner.account)).held, 20n * DAT)
  const slots = await at.roleSlots('pinner')
  const [one, two] = [await keysOf(4), await keysOf(5)].map(({ account }) => account)
  assert.deepEqual(
    slots.map(({ account, until }) => [account, until]),
    [one, one, two, two].map(account => [account, null])
  )
  assert.equal(slots[0]?.since, view?.registeredAt)
}

async function updated(): Promise<void> {
  const verifier = await keysOf(8)
  const roles: ProviderRole[] = ['verifier']
  const change = { call: 'updateProvider', roles, capacity: 0n } as const
  await world.submit(verifier, { ...change, paused: true, payout: world.supporter.account })
  const paused = await (await world.now()).provider(verifier.account)
  assert.equal(paused?.paused, true)
  assert.equal(paused?.payout, world.supporter.account)
  await world.submit(verifier, { ...change, paused: false, payout: null })
  const back = await (await world.now()).provider(verifier.account)
  assert.deepEqual([back?.paused, back?.payout], [false, verifier.account])
  const other = await keysOf(11)
  const { proof } = noiseKeys(world.client.constants.genesis, other.account)
  const noiseKey = world.noise.get(verifier.account) ?? ''
  const refused = await world.refusal(other, {
    call: 'register',
    roles: ['signer'],
    noiseKey,
    proof,
    capacity: 0n
  })
  assert.ok(['NoiseKeyTaken', 'BadNoiseProof'].includes(refused), refused)
}

async function published(): Promise<void> {
  await world.submit(world.supporter, { call: 'publish', facts: FACTS })
  const core = await (await world.now()).core(CORE)
  assert.ok(core)
  assert.deepEqual([core.key, core.fork, core.length, core.byteLength], [CORE, 0n, 21, 147_012])
  assert.deepEqual(core.treeHash, FACTS.treeHash)
  assert.equal(core.depositor, world.supporter.account)
  assert.equal(await (await world.now()).pot(CORE), null)

  await world.submit(world.supporter, { call: 'donate', core: CORE, amount: 100n * DAT, wish: 1 })
  const at = await world.now()
  const pot = await at.pot(CORE)
  assert.deepEqual(
    [pot?.balance, pot?.totalShares, pot?.holders, pot?.wanted],
    [100n * DAT, 100n * DAT, 1, 1]
  )
  assert.deepEqual(await at.shares(CORE, world.supporter.account), {
    shares: 100n * DAT,
    wish: 1,
    value: 100n * DAT
  })
  assert.equal(await at.shares(CORE, (await keysOf(2)).account), null)
  const keys: string[] = []
  for await (const { key } of at.cores()) keys.push(key)
  assert.deepEqual(keys, [CORE])
}

async function requested(): Promise<void> {
  const at = await world.now()
  const requests = await at.requests(CORE)
  assert.equal(requests.length, 1)
  assert.deepEqual(requests, await at.requestQueue())
  const [request] = requests
  assert.deepEqual([request?.coreKey, request?.slot, request?.attempt], [CORE, 0, 0])
  assert.deepEqual(request?.tree.treeHash, FACTS.treeHash)
  assert.ok((request?.seed ?? 0) >= Math.floor((at.height - 5) / 5) + 2)
  assert.equal(await at.seed(request?.seed ?? 0), null)
  assert.equal(await world.refusal(world.supporter, { call: 'assign', core: CORE }), 'SeedNotReady')
}

async function reclaimed(): Promise<void> {
  const facts = vectorCore('v1 default, one block')
  const core = facts.key
  await world.submit(world.supporter, { call: 'publish', facts })
  await world.submit(world.supporter, { call: 'donate', core, amount: 3n * DAT, wish: 0 })
  const { events } = await world.submit(world.supporter, { call: 'reclaim', core })
  assert.deepEqual(events, [{ event: 'Reclaimed', core, who: world.supporter.account, amount: 3n * DAT }])
  assert.equal((await (await world.now()).pot(core))?.balance, 0n)
  await world.submit(world.supporter, { call: 'reap', core })
  assert.equal(await (await world.now()).core(core), null)
}

async function older(): Promise<void> {
  const old = await world.client.snapshot(1)
  assert.equal(await old.core(CORE), null)
  assert.equal(old.height, 1)
  const byHash = await world.client.snapshot(old.hash)
  assert.equal(byHash.height, 1)
  assert.ok((await old.timestampMs()) < (await (await world.now()).timestampMs()))
}

/** Each goes on where the one before stopped. */
test('views - what the chain has, from its first block on', async t => {
  await t.test('an empty chain has nothing to show', empty)
  await t.test('the parameters are those of the fast build', parameters)
  await t.test('a provider and its slots stand as it registered them', registered)
  await t.test('a provider changes its payout and pause, and nobody takes its noise key', updated)
  await t.test('a published core, its pot and its shares', published)
  await t.test('a request waits with its seed and the tree it was made for', requested)
  await t.test('a donor takes its part back, and the core is reaped', reclaimed)
  await t.test('an older snapshot still tells the older state', older)
})
