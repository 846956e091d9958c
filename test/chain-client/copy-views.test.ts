import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { AccountKeys } from '../../src/chain-client/types.ts'
import { DAT } from '../../src/domain/amounts.ts'
import type { Call } from '../../src/domain/calls.ts'
import { sealMessage } from '../../src/domain/messages.ts'
import type { Evidence, Report } from '../../src/domain/reports.ts'
import type { CopyView, SpanView } from '../../src/domain/view.ts'
import { keysOf } from './local-chain.ts'
import { CORE, FACTS, World } from './world.ts'

const ZERO = new Uint8Array(32)

let world: World

before(async () => {
  world = await World.open()
  await world.register()
  await world.submit(world.supporter, { call: 'publish', facts: FACTS })
  await world.submit(world.supporter, { call: 'donate', core: CORE, amount: 100n * DAT, wish: 1 })
})

after(() => world.close())

async function keysFor(account: string | null): Promise<AccountKeys> {
  for (let n = 1; n <= 12; n++) {
    const keys = await keysOf(n)
    if (keys.account === account) return keys
  }
  throw new Error(`no keys of ${account}`)
}

let copy: CopyView
let span: SpanView

async function drawn(): Promise<void> {
  const drawn = await world.mineUntil(async () => {
    const [first] = await (await world.now()).copiesOf(CORE)
    return first ?? null
  })
  copy = drawn
  const at = await world.now()
  assert.deepEqual([copy.state, copy.reason, copy.slot, copy.firstPeriod], ['Setup', null, 0, null])
  assert.deepEqual([copy.faults, copy.misses, copy.passes, copy.unfunded], [0, 0, 0, 0])
  assert.equal(world.providers.get(copy.pinner), 'pinner')
  assert.equal(copy.pinnerNoiseKey, world.noise.get(copy.pinner))
  assert.deepEqual(copy.tree.treeHash, FACTS.treeHash)
  assert.deepEqual(copy.prices, { x: DAT, y: DAT / 10n, z: DAT / 20n, parts: 8 })
  assert.equal((await at.pot(CORE))?.locked, copy.locked)
  assert.equal(copy.spans.length, 1)
  span = copy.spans[0] as SpanView
  assert.equal(world.providers.get(span.signer ?? ''), 'signer')
  assert.equal(span.signerNoiseKey, world.noise.get(span.signer ?? ''))
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
}

async function sealed(): Promise<void> {
  const signer = await keysFor(span.signer)
  const pinner = await keysFor(copy.pinner)
  const modulus = new Uint8Array(256).fill(0xc3)
  const { events } = await world.submit(signer, { call: 'commitKey', span: span.id, e: 257, modulus })
  const keyed = await (await world.now()).span(span.id)
  assert.deepEqual([keyed?.state, keyed?.e, keyed?.modulus], ['Keyed', 257, modulus])
  assert.deepEqual(events[0], { event: 'SpanKeyed', span: span.id, tag: keyed?.tag })

  const root = new Uint8Array(32).fill(9)
  const { genesis } = world.client.constants
  const tag = keyed?.tag ?? ZERO
  const message = sealMessage({ genesis, spanId: span.id, tag, cells: 577, root })
  const seal = { call: 'seal', span: span.id, root, cells: 577, signature: signer.sign(message) } as const
  assert.equal(await world.refusal(signer, seal), 'NotThePinner')
  const wrapped = signer.sign(Buffer.concat([Buffer.from('<Bytes>'), message, Buffer.from('</Bytes>')]))
  assert.equal(await world.refusal(pinner, { ...seal, signature: wrapped }), 'BadSealSignature')
  const sealed = await world.submit(pinner, seal)
  assert.equal(sealed.feePaid, 0n)
  const active = await (await world.now()).copy(copy.id)
  assert.equal(active?.state, 'Active')
  assert.deepEqual(active?.spans[0]?.root, root)
  assert.equal(active?.spans[0]?.deadline, null)
  assert.ok((active?.firstPeriod ?? 0) > 0)
  const told = sealed.events.find(({ event }) => event === 'CopyActive')
  assert.deepEqual(told, { event: 'CopyActive', copy: copy.id, firstPeriod: active?.firstPeriod })
  copy = active as CopyView
}

async function reported(): Promise<void> {
  const pinner = await keysFor(copy.pinner)
  const period = copy.firstPeriod ?? 0
  await world.mineUntil(async () => {
    const { height } = await world.now()
    return height > period * world.client.constants.period ? height : null
  })
  const leaf = { data: new Uint8Array(1024).fill(1), path: [ZERO, ZERO] }
  const proofs = [{ peaks: [ZERO, ZERO, ZERO], leaves: [leaf, leaf] }]
  assert.equal(await world.refusal(pinner, { call: 'prove', copy: copy.id, period, proofs }), 'BadProof')
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
  assert.equal(await world.refusal(pinner, call), 'NotDrawn')
  const verifier = await keysOf(6)
  const served: Evidence = { kind: 'Served', receipt: new Uint8Array(64), peaks: [ZERO], leaf }
  const claimed: Call = { ...call, report: { ...report, outcome: 'Served', evidence: served } }
  assert.equal(await world.refusal(verifier, claimed), 'BadReceipt')
  const wrong: Evidence = { kind: 'WrongReplica', span: 0, index: 1n, peaks: [ZERO], leaf }
  const accused: Call = { ...call, report: { ...report, outcome: 'WrongReplica', evidence: wrong } }
  assert.equal(await world.refusal(verifier, accused), 'BadProof')
  await world.submit(verifier, call)
  const at = await world.now()
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
  assert.equal(await world.refusal(verifier, call), 'AlreadyReported')
}

async function settled(): Promise<void> {
  const { period, grace } = world.client.constants
  const first = copy.firstPeriod ?? 0
  const heads = world.client.heads(AbortSignal.timeout(60_000), { from: world.chain.height })
  await world.mineUntil(async () => {
    const { height } = await world.now()
    return height > (first + 1) * period + grace ? height : null
  })
  const settled = await world.mineUntil(async () => {
    const view = await (await world.now()).copy(copy.id)
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
    if (head.height >= world.chain.height) break
  }
  assert.ok(told.includes('Settled') && told.includes('pinner 2000000'), told.join())
  const { minted, burnedForWork } = await (await world.now()).totals()
  assert.equal(minted, burnedForWork)
  const reputation = (await (await world.now()).provider(copy.pinner))?.reputation.pinner
  assert.ok((reputation?.beta ?? 0n) > 3_000_000n)
  assert.equal(
    await world.refusal(world.supporter, { call: 'settle', copy: copy.id, limit: 1 }),
    'NothingToSettle'
  )
}

async function refused(): Promise<void> {
  const verifier = await keysOf(6)
  const expected: [AccountKeys, Call, string][] = [
    [world.supporter, { call: 'assign', core: CORE }, 'NoRequest'],
    [world.supporter, { call: 'expire', span: span.id }, 'CopyNotInSetup'],
    [world.supporter, { call: 'reclaim', core: CORE }, 'CoreInUse'],
    [world.supporter, { call: 'reap', core: CORE }, 'CoreInUse'],
    [world.supporter, { call: 'publish', facts: FACTS }, 'NotNewer'],
    [world.supporter, { call: 'deregister' }, 'NotRegistered'],
    [verifier, { call: 'decline', target: { span: span.id }, reason: 'Policy' }, 'NotTheSigner'],
    [verifier, { call: 'decline', target: { copy: copy.id }, reason: 'Resources' }, 'NotThePinner']
  ]
  for (const [keys, call, name] of expected) assert.equal(await world.refusal(keys, call), name, call.call)
  await world.submit(world.supporter, { call: 'setWish', core: CORE, wish: 0 })
  const at = await world.now()
  assert.equal((await at.pot(CORE))?.wanted, 0)
  assert.equal((await at.shares(CORE, world.supporter.account))?.wish, 0)
  await world.submit(verifier, { call: 'deregister' })
  assert.ok(((await (await world.now()).provider(verifier.account))?.leavingAt ?? 0) > world.chain.height)
}

/** Each goes on where the one before stopped. */
test('views - the life of one copy, from its draw on', async t => {
  await t.test('the copy that was drawn, from each side', drawn)
  await t.test('a key and a seal are seen as they were sent, and the last seal makes the copy active', sealed)
  await t.test('proofs and reports reach the pallet in its own layout', reported)
  await t.test('a settled period moves reputations and money, and the events say by how much', settled)
  await t.test('every other call reaches the pallet', refused)
})
