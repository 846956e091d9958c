import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { DAT } from '../../src/domain/amounts.ts'
import type { Call } from '../../src/domain/calls.ts'
import { isDatdotError } from '../../src/domain/errors.ts'
import type { Report } from '../../src/domain/reports.ts'
import type { CopyView } from '../../src/domain/view.ts'
import type { NodeIdentity } from '../../src/node/identity.ts'
import { vectorCore } from '../chain-client/local-chain.ts'
import { Stage } from './stage.ts'

const FACTS = vectorCore('v1 default')
const CORE = FACTS.key
const ZERO = new Uint8Array(32)
const UNREACHABLE: Report = {
  outcome: 'Unreachable',
  ttfbMs: 0,
  kibPerS: 0,
  blocks: 0,
  bytes: 0,
  digest: ZERO,
  evidence: { kind: 'None' }
}

/** A refused call costs its sender the whole fee, to the planck. */
async function costs(stage: Stage, who: NodeIdentity, call: Call, name: string): Promise<bigint> {
  const fee = await stage.client.account(who.keys).fee(call)
  const before = await stage.money(who.account)
  assert.equal(await stage.refusal(who, call), name, call.call)
  assert.ok(fee > 0n)
  assert.equal(before - (await stage.money(who.account)), fee, `${call.call}: ${name}`)
  return fee
}

/** One that is taken costs nothing, to the planck, and gives nothing. */
async function isFree(stage: Stage, who: NodeIdentity, call: Call): Promise<void> {
  const before = await stage.money(who.account)
  const { feePaid } = await stage.submit(who, call)
  assert.equal(feePaid, 0n, call.call)
  assert.equal(await stage.money(who.account), before, call.call)
}

/** A stage with one copy in set-up, and a stranger who is no provider. */
async function withCopy(t: TestContext): Promise<{ stage: Stage; stranger: NodeIdentity; copy: CopyView }> {
  const stage = await Stage.open(t, { signer: 2, pinner: 2, verifier: 3, other: 2 })
  await stage.registerAll()
  const [supporter, stranger] = stage.people.other
  assert.ok(supporter && stranger)
  await stage.submit(supporter, { call: 'publish', facts: FACTS })
  await stage.submit(supporter, { call: 'donate', core: CORE, amount: 100n * DAT, wish: 2 })
  const [copy] = await stage.drawn(CORE, 1)
  assert.ok(copy)
  return { stage, stranger, copy }
}

/** Key and seal of a copy's only span, in each wrong way and the right one. */
async function setUp(stage: Stage, stranger: NodeIdentity, copy: CopyView): Promise<void> {
  const [span] = copy.spans
  assert.ok(span)
  const [signer, pinner] = [stage.who(span.signer), stage.who(copy.pinner)]
  const key = stage.keyCall(span.id)
  const even = new Uint8Array(256).fill(0xc2)
  await costs(stage, stranger, key, 'NotTheSigner')
  await costs(stage, pinner, key, 'NotTheSigner')
  await costs(stage, signer, { call: 'commitKey', span: 9n, e: 257, modulus: even }, 'UnknownSpan')
  await costs(stage, signer, { call: 'commitKey', span: span.id, e: 257, modulus: even }, 'InvalidKey')
  const odd = new Uint8Array(256).fill(0xc3)
  await costs(stage, signer, { call: 'commitKey', span: span.id, e: 3, modulus: odd }, 'InvalidKey')
  await isFree(stage, signer, key)
  await costs(stage, signer, key, 'NotAssigned')

  const seal = await stage.sealCall(span.id)
  await costs(stage, stranger, seal, 'NotThePinner')
  await costs(stage, signer, seal, 'NotThePinner')
  await costs(stage, pinner, { ...seal, cells: seal.cells + 1 }, 'WrongCellCount')
  await costs(stage, pinner, { ...seal, root: ZERO }, 'BadSealSignature')
  await isFree(stage, pinner, seal)
  await costs(stage, pinner, seal, 'NotKeyed')
}

test('free calls - each costs nothing when it succeeds and its whole fee when it fails, whoever sends it', async t => {
  const { stage, stranger, copy } = await withCopy(t)
  await setUp(stage, stranger, copy)
  const pinner = stage.who(copy.pinner)
  const active = await (await stage.now()).copy(copy.id)
  const first = active?.firstPeriod ?? 0
  assert.ok(active && first > 0)
  const { period: blocks, grace } = stage.client.constants
  const early: Call = { call: 'prove', copy: copy.id, period: first, proofs: [] }
  await costs(stage, pinner, early, 'PeriodClosed')
  await stage.mineTo(first * blocks)
  const prove = await stage.proveCall(active, first)
  await costs(stage, stranger, prove, 'NotThePinner')
  await costs(stage, pinner, early, 'BadProof')
  await costs(stage, pinner, { ...early, copy: 99n }, 'UnknownCopy')
  await isFree(stage, pinner, prove)
  await costs(stage, pinner, prove, 'AlreadyProved')

  const report: Call = { call: 'report', copy: copy.id, period: first, report: UNREACHABLE }
  const [verifier] = stage.people.verifier
  assert.ok(verifier)
  await costs(stage, stranger, report, 'NotDrawn')
  const served: Report = { ...UNREACHABLE, outcome: 'Served' }
  await costs(stage, verifier, { ...report, call: 'report', report: served }, 'WrongEvidence')
  await isFree(stage, verifier, report)
  await costs(stage, verifier, report, 'AlreadyReported')

  const settle: Call = { call: 'settle', copy: copy.id, limit: 1 }
  await costs(stage, stranger, settle, 'NothingToSettle')
  await costs(stage, stranger, { ...settle, copy: 99n }, 'UnknownCopy')
  // What comes in the first block of settlement is before the chain's own hand.
  await stage.mineTo((first + 1) * blocks + grace - 1)
  await costs(stage, stranger, { ...settle, limit: 0 }, 'NothingToSettle')
})

test('free calls - settling and declining are free when they do something, to a stranger too', async t => {
  const { stage, stranger, copy } = await withCopy(t)
  const [, other] = await stage.drawn(CORE, 2)
  assert.ok(other)
  const pinner = stage.who(other.pinner)
  const decline: Call = { call: 'decline', target: { copy: other.id }, reason: 'Resources' }
  await costs(stage, stranger, decline, 'NotRegistered')
  await costs(stage, stage.who(copy.pinner), decline, 'NotThePinner')
  await costs(
    stage,
    pinner,
    { ...decline, call: 'decline', target: { span: copy.spans[0]?.id ?? 0n } },
    'NotTheSigner'
  )
  await isFree(stage, pinner, decline)
  await costs(stage, pinner, decline, 'CopyNotInSetup')

  const active = await stage.setUp(copy)
  const { period, grace } = stage.client.constants
  await stage.mineTo(((active.firstPeriod ?? 0) + 1) * period + grace - 1)
  await isFree(stage, stranger, { call: 'settle', copy: copy.id, limit: 1 })
  assert.equal((await (await stage.now()).copy(copy.id))?.lastSettled, active.firstPeriod)
  await costs(stage, stranger, { call: 'settle', copy: copy.id, limit: 1 }, 'NothingToSettle')
})

test('free calls - a flood of failing ones ends when the float is spent, and leaves the deposit', async t => {
  const stage = await Stage.open(t, { signer: 1, pinner: 0, verifier: 0, other: 1 })
  const [flooder] = stage.people.signer
  const [sink] = stage.people.other
  assert.ok(flooder && sink)
  await stage.registerAll()
  const { deposit } = (await (await stage.now()).provider(flooder.account)) ?? { deposit: 0n }
  const { float } = await stage.client.params()
  // It keeps the float that it had to show, and no more.
  const { spendable } = await (await stage.now()).balance(flooder.account)
  const send = { call: 'transfer', to: sink.account, amount: spendable - float } as const
  await stage.submit(flooder, {
    ...send,
    amount: send.amount - (await stage.client.account(flooder.keys).fee(send))
  })
  const before = await stage.money(flooder.account)

  const leaf = { data: new Uint8Array(1024), path: Array.from({ length: 53 }, () => ZERO) }
  const proof = { peaks: [ZERO], leaves: Array.from({ length: 16 }, () => leaf) }
  const call: Call = { call: 'prove', copy: 0n, period: 0, proofs: Array.from({ length: 1 }, () => proof) }
  const fee = await stage.client.account(flooder.keys).fee(call)
  let refused = 0n
  for (; refused <= float / fee; refused++) {
    const error = await stage.submit(flooder, call).catch((reason: unknown) => reason)
    if (isDatdotError(error, 'FUNDS_LOW')) break
    assert.ok(isDatdotError(error, 'CALL_REFUSED'), String(error))
  }
  assert.equal(refused, float / fee)
  const after = await (await stage.now()).balance(flooder.account)
  assert.ok(after.spendable < fee)
  assert.equal(before - after.free - after.held, refused * fee)
  assert.equal(after.held, deposit)
})
