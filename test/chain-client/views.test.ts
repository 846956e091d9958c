import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ChainClient } from '../../src/chain-client/client.ts'
import type { AccountKeys } from '../../src/chain-client/types.ts'
import type { DevChain } from '../../src/dev-chain/index.ts'
import { DAT } from '../../src/domain/amounts.ts'
import type { Call } from '../../src/domain/calls.ts'
import { isDatdotError } from '../../src/domain/errors.ts'
import type { ProviderRole } from '../../src/domain/ids.ts'
import { sealMessage } from '../../src/domain/messages.ts'
import type { Evidence, Report } from '../../src/domain/reports.ts'
import type { CopyView, SpanView } from '../../src/domain/view.ts'
import {
  ENDOWMENT,
  keysOf,
  mineUntil,
  noiseKeys,
  openChain,
  sent,
  synced,
  vectorCore
} from './local-chain.ts'

const FACTS = vectorCore('v1 default')
const CORE = FACTS.key
const GIB = 2n ** 30n
const ZERO = new Uint8Array(32)

let chain: DevChain
let client: ChainClient
let supporter: AccountKeys
const providers = new Map<string, ProviderRole>()
const noise = new Map<string, string>()

before(async () => {
  chain = await openChain()
  client = await ChainClient.connect({ provider: chain.provider() })
  supporter = await keysOf(1)
})

after(async () => {
  await client.close()
  await chain.close()
})

const submit = (keys: AccountKeys, call: Call) => sent({ chain, client }, keys, call)
const now = async () => {
  await synced(client, chain)
  return client.snapshot()
}

async function keysFor(account: string | null): Promise<AccountKeys> {
  for (let n = 1; n <= 12; n++) {
    const keys = await keysOf(n)
    if (keys.account === account) return keys
  }
  throw new Error(`no keys of ${account}`)
}

async function refusal(keys: AccountKeys, call: Call): Promise<string> {
  try {
    await submit(keys, call)
  } catch (error) {
    if (isDatdotError(error, 'CALL_REFUSED')) return String(error.details['name'])
    throw error
  }
  return 'none'
}

// Each test goes on where the one before stopped: they tell one copy's life.

test('views - an empty chain has nothing to show', async () => {
  const at = await now()
  const { account } = supporter
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
})

test('views - the parameters are those of the fast build', async () => {
  const params = await client.params()
  const { samples, verifiers, spanTarget, maxCopies, x, y, z, pinnerUnit, throughputTarget } = params
  assert.deepEqual([samples, verifiers, spanTarget, maxCopies], [20, 3, 1.5 * 2 ** 20, 16])
  assert.deepEqual([x, y, z, pinnerUnit, throughputTarget], [DAT, DAT / 10n, DAT / 20n, GIB, 1024])
  assert.equal(Object.keys(params).length, 25)
})

test('views - a provider and its slots stand as it registered them', async () => {
  const roles: ProviderRole[] = ['signer', 'signer', 'pinner', 'pinner', 'verifier', 'verifier', 'verifier']
  for (const [index, role] of roles.entries()) {
    const keys = await keysOf(index + 2)
    const { noiseKey, proof } = noiseKeys(client.constants.genesis, keys.account)
    const capacity = role === 'pinner' ? 2n * GIB : 0n
    await submit(keys, { call: 'register', roles: [role], noiseKey, proof, capacity })
    providers.set(keys.account, role)
    noise.set(keys.account, noiseKey)
  }
  const pinner = await keysOf(4)
  const at = await now()
  const view = await at.provider(pinner.account)
  assert.deepEqual(view, {
    account: pinner.account,
    roles: ['pinner'],
    noiseKey: noise.get(pinner.account),
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
})

test('views - a provider changes its payout and pause, and nobody takes its noise key', async () => {
  const verifier = await keysOf(8)
  const roles: ProviderRole[] = ['verifier']
  const change = { call: 'updateProvider', roles, capacity: 0n } as const
  await submit(verifier, { ...change, paused: true, payout: supporter.account })
  const paused = await (await now()).provider(verifier.account)
  assert.equal(paused?.paused, true)
  assert.equal(paused?.payout, supporter.account)
  await submit(verifier, { ...change, paused: false, payout: null })
  const back = await (await now()).provider(verifier.account)
  assert.deepEqual([back?.paused, back?.payout], [false, verifier.account])
  const other = await keysOf(11)
  const { proof } = noiseKeys(client.constants.genesis, other.account)
  const noiseKey = noise.get(verifier.account) ?? ''
  const refused = await refusal(other, { call: 'register', roles: ['signer'], noiseKey, proof, capacity: 0n })
  assert.ok(['NoiseKeyTaken', 'BadNoiseProof'].includes(refused), refused)
})

test('views - a published core, its pot and its shares', async () => {
  await submit(supporter, { call: 'publish', facts: FACTS })
  const core = await (await now()).core(CORE)
  assert.ok(core)
  assert.deepEqual([core.key, core.fork, core.length, core.byteLength], [CORE, 0n, 21, 147_012])
  assert.deepEqual(core.treeHash, FACTS.treeHash)
  assert.equal(core.depositor, supporter.account)
  assert.equal(await (await now()).pot(CORE), null)

  await submit(supporter, { call: 'donate', core: CORE, amount: 100n * DAT, wish: 1 })
  const at = await now()
  const pot = await at.pot(CORE)
  assert.deepEqual(
    [pot?.balance, pot?.totalShares, pot?.holders, pot?.wanted],
    [100n * DAT, 100n * DAT, 1, 1]
  )
  assert.deepEqual(await at.shares(CORE, supporter.account), {
    shares: 100n * DAT,
    wish: 1,
    value: 100n * DAT
  })
  assert.equal(await at.shares(CORE, (await keysOf(2)).account), null)
  const keys: string[] = []
  for await (const { key } of at.cores()) keys.push(key)
  assert.deepEqual(keys, [CORE])
})

test('views - a request waits with its seed and the tree it was made for', async () => {
  const at = await now()
  const requests = await at.requests(CORE)
  assert.equal(requests.length, 1)
  assert.deepEqual(requests, await at.requestQueue())
  const [request] = requests
  assert.deepEqual([request?.coreKey, request?.slot, request?.attempt], [CORE, 0, 0])
  assert.deepEqual(request?.tree.treeHash, FACTS.treeHash)
  assert.ok((request?.seed ?? 0) >= Math.floor((at.height - 5) / 5) + 2)
  assert.equal(await at.seed(request?.seed ?? 0), null)
  assert.equal(await refusal(supporter, { call: 'assign', core: CORE }), 'SeedNotReady')
})

let copy: CopyView
let span: SpanView

test('views - the copy that was drawn, from each side', async () => {
  const drawn = await mineUntil({ chain, client }, async () => {
    const [first] = await (await now()).copiesOf(CORE)
    return first ?? null
  })
  copy = drawn
  const at = await now()
  assert.deepEqual([copy.state, copy.reason, copy.slot, copy.firstPeriod], ['Setup', null, 0, null])
  assert.deepEqual([copy.faults, copy.misses, copy.passes, copy.unfunded], [0, 0, 0, 0])
  assert.equal(providers.get(copy.pinner), 'pinner')
  assert.equal(copy.pinnerNoiseKey, noise.get(copy.pinner))
  assert.deepEqual(copy.tree.treeHash, FACTS.treeHash)
  assert.deepEqual(copy.prices, { x: DAT, y: DAT / 10n, z: DAT / 20n, parts: 8 })
  assert.equal((await at.pot(CORE))?.locked, copy.locked)
  assert.equal(copy.spans.length, 1)
  span = copy.spans[0] as SpanView
  assert.equal(providers.get(span.signer ?? ''), 'signer')
  assert.equal(span.signerNoiseKey, noise.get(span.signer ?? ''))
  assert.deepEqual([span.start, span.end, span.byteStart, span.byteLength], [0, 21, 0, 147_012])
  assert.deepEqual([span.state, span.cells, span.e], ['Assigned', 577, 0])
  assert.deepEqual([span.modulus, span.tag, span.root], [null, null, null])
  assert.equal(span.deadline, span.assignedAt + 60)
  assert.deepEqual(await at.copy(copy.id), copy)
  assert.deepEqual(await at.span(span.id), span)
  assert.deepEqual(await at.copiesOfPinner(copy.pinner), [copy])
  assert.deepEqual(await at.spansOfSigner(span.signer ?? ''), [span])
  const living: CopyView[] = []
  for await (const item of at.copies()) living.push(item)
  assert.deepEqual(living, [copy])
  assert.deepEqual(await at.coreParties(CORE, copy.pinner), { pinner: 1, signer: 0 })
  assert.deepEqual(await at.coreParties(CORE, span.signer ?? ''), { pinner: 0, signer: 1 })
  assert.ok(((await at.provider(copy.pinner))?.reserved ?? 0n) > 0n)
  assert.deepEqual(await at.requests(CORE), [])
  const seed = await at.seed(copy.seed)
  assert.equal(seed?.value.length, 32)
  assert.deepEqual(seed?.counts, { signer: 2, pinner: 4, verifier: 3 })
})

test('views - a key and a seal are seen as they were sent, and the last seal makes the copy active', async () => {
  const signer = await keysFor(span.signer)
  const pinner = await keysFor(copy.pinner)
  const modulus = new Uint8Array(256).fill(0xc3)
  const { events } = await submit(signer, { call: 'commitKey', span: span.id, e: 257, modulus })
  const keyed = await (await now()).span(span.id)
  assert.deepEqual([keyed?.state, keyed?.e, keyed?.modulus], ['Keyed', 257, modulus])
  assert.deepEqual(events[0], { event: 'SpanKeyed', span: span.id, tag: keyed?.tag })

  const root = new Uint8Array(32).fill(9)
  const { genesis } = client.constants
  const tag = keyed?.tag ?? ZERO
  const message = sealMessage({ genesis, spanId: span.id, tag, cells: 577, root })
  const seal = { call: 'seal', span: span.id, root, cells: 577, signature: signer.sign(message) } as const
  assert.equal(await refusal(signer, seal), 'NotThePinner')
  const wrapped = signer.sign(Buffer.concat([Buffer.from('<Bytes>'), message, Buffer.from('</Bytes>')]))
  assert.equal(await refusal(pinner, { ...seal, signature: wrapped }), 'BadSealSignature')
  const sealed = await submit(pinner, seal)
  assert.equal(sealed.feePaid, 0n)
  const active = await (await now()).copy(copy.id)
  assert.equal(active?.state, 'Active')
  assert.deepEqual(active?.spans[0]?.root, root)
  assert.equal(active?.spans[0]?.deadline, null)
  assert.ok((active?.firstPeriod ?? 0) > 0)
  const told = sealed.events.find(({ event }) => event === 'CopyActive')
  assert.deepEqual(told, { event: 'CopyActive', copy: copy.id, firstPeriod: active?.firstPeriod })
  copy = active as CopyView
})

test('views - proofs and reports reach the pallet in its own layout', async () => {
  const pinner = await keysFor(copy.pinner)
  const period = copy.firstPeriod ?? 0
  await mineUntil({ chain, client }, async () => {
    const { height } = await now()
    return height > period * client.constants.period ? height : null
  })
  const leaf = { data: new Uint8Array(1024).fill(1), path: [ZERO, ZERO] }
  const proofs = [{ peaks: [ZERO, ZERO, ZERO], leaves: [leaf, leaf] }]
  assert.equal(await refusal(pinner, { call: 'prove', copy: copy.id, period, proofs }), 'BadProof')
  const report: Report = {
    outcome: 'Unreachable',
    ttfbMs: 1,
    kibPerS: 2,
    blocks: 3,
    bytes: 4,
    digest: ZERO,
    evidence: { kind: 'None' }
  }
  const call = { call: 'report', copy: copy.id, period, report } as const
  assert.equal(await refusal(pinner, call), 'NotDrawn')
  const verifier = await keysOf(6)
  const served: Evidence = { kind: 'Served', receipt: new Uint8Array(64), peaks: [ZERO], leaf }
  const claimed: Call = { ...call, report: { ...report, outcome: 'Served', evidence: served } }
  assert.equal(await refusal(verifier, claimed), 'BadReceipt')
  const wrong: Evidence = { kind: 'WrongReplica', span: 0, index: 1n, peaks: [ZERO], leaf }
  const accused: Call = { ...call, report: { ...report, outcome: 'WrongReplica', evidence: wrong } }
  assert.equal(await refusal(verifier, accused), 'BadProof')
  await submit(verifier, call)
  const at = await now()
  const record = await at.record(copy.id, period)
  assert.deepEqual([record?.proved, record?.k, record?.verifiers.length], [false, 3, 3])
  const mine = record?.verifiers.find(({ account }) => account === verifier.account)
  assert.deepEqual(mine, {
    account: verifier.account,
    ppm: 250_000,
    outcome: 'Unreachable',
    wrong: null
  })
  const view = await at.periodAt(period)
  assert.deepEqual([view?.index, view?.seed.length, view?.verifierCount], [period, 32, 3])
  assert.deepEqual([view?.samples, (view?.seedIndex ?? 0) >= copy.earliestSeed], [20, true])
  assert.equal(await refusal(verifier, call), 'AlreadyReported')
})

test('views - a settled period moves reputations and money, and the events say by how much', async () => {
  const { period, grace } = client.constants
  const first = copy.firstPeriod ?? 0
  const heads = client.heads(AbortSignal.timeout(60_000), { from: chain.height })
  await mineUntil({ chain, client }, async () => {
    const { height } = await now()
    return height > (first + 1) * period + grace ? height : null
  })
  const settled = await mineUntil({ chain, client }, async () => {
    const view = await (await now()).copy(copy.id)
    return view && view.lastSettled >= first ? view : null
  })
  assert.equal(settled.faults, 1)
  const told: string[] = []
  for await (const head of heads) {
    for (const event of head.events)
      if (event.event === 'Settled' && event.copy === copy.id) {
        assert.deepEqual([event.period, event.proved, event.verdict], [first, false, null])
        told.push(event.event)
      } else if (event.event === 'ReputationChanged') {
        assert.equal(event.period, first)
        told.push(`${event.role} ${event.dBeta}`)
      }
    if (head.height >= chain.height) break
  }
  assert.ok(told.includes('Settled') && told.includes('pinner 2000000'), told.join())
  const { minted, burnedForWork } = await (await now()).totals()
  assert.equal(minted, burnedForWork)
  const reputation = (await (await now()).provider(copy.pinner))?.reputation.pinner
  assert.ok((reputation?.beta ?? 0n) > 3_000_000n)
  assert.equal(await refusal(supporter, { call: 'settle', copy: copy.id, limit: 1 }), 'NothingToSettle')
})

test('views - every other call reaches the pallet', async () => {
  const verifier = await keysOf(6)
  const expected: [AccountKeys, Call, string][] = [
    [supporter, { call: 'assign', core: CORE }, 'NoRequest'],
    [supporter, { call: 'expire', span: span.id }, 'CopyNotInSetup'],
    [supporter, { call: 'reclaim', core: CORE }, 'CoreInUse'],
    [supporter, { call: 'reap', core: CORE }, 'CoreInUse'],
    [supporter, { call: 'publish', facts: FACTS }, 'NotNewer'],
    [supporter, { call: 'deregister' }, 'NotRegistered'],
    [verifier, { call: 'decline', target: { span: span.id }, reason: 'Policy' }, 'NotTheSigner'],
    [verifier, { call: 'decline', target: { copy: copy.id }, reason: 'Resources' }, 'NotThePinner']
  ]
  for (const [keys, call, name] of expected) assert.equal(await refusal(keys, call), name, call.call)
  await submit(supporter, { call: 'setWish', core: CORE, wish: 0 })
  const at = await now()
  assert.equal((await at.pot(CORE))?.wanted, 0)
  assert.equal((await at.shares(CORE, supporter.account))?.wish, 0)
  await submit(verifier, { call: 'deregister' })
  assert.ok(((await (await now()).provider(verifier.account))?.leavingAt ?? 0) > chain.height)
})

test('views - a donor takes its part back, and the core is reaped', async () => {
  const facts = vectorCore('v1 default, one block')
  const core = facts.key
  await submit(supporter, { call: 'publish', facts })
  await submit(supporter, { call: 'donate', core, amount: 3n * DAT, wish: 0 })
  const { events } = await submit(supporter, { call: 'reclaim', core })
  assert.deepEqual(events, [{ event: 'Reclaimed', core, who: supporter.account, amount: 3n * DAT }])
  assert.equal((await (await now()).pot(core))?.balance, 0n)
  await submit(supporter, { call: 'reap', core })
  assert.equal(await (await now()).core(core), null)
})

test('views - an older snapshot still tells the older state', async () => {
  const old = await client.snapshot(1)
  assert.equal(await old.core(CORE), null)
  assert.equal(old.height, 1)
  const byHash = await client.snapshot(old.hash)
  assert.equal(byHash.height, 1)
  assert.ok((await old.timestampMs()) < (await (await now()).timestampMs()))
})
