import assert from 'node:assert/strict'
import test from 'node:test'
import { DAT } from '../../src/domain/amounts.ts'
import type { CopyId } from '../../src/domain/ids.ts'
import type { ProviderView } from '../../src/domain/view.ts'
import { type NodeIdentity, proofOfNoiseKey } from '../../src/node/identity.ts'
import { vectorCore } from '../chain-client/local-chain.ts'
import { CAPACITY, Stage } from './stage.ts'

const FACTS = vectorCore('v1 default, one block')
const CORE = FACTS.key
/** Periods between the end of a provider's slots and the release of its deposit. */
const DEPOSIT_PERIODS = 14

/** The pinner seals a copy and does not prove it: the first period says so, and the copy goes with it, as nobody wants it any more. */
async function failOnce(stage: Stage, supporter: NodeIdentity): Promise<CopyId> {
  await stage.submit(supporter, { call: 'publish', facts: FACTS })
  await stage.submit(supporter, { call: 'donate', core: CORE, amount: 50n * DAT, wish: 1 })
  const [copy] = await stage.drawn(CORE, 1)
  assert.ok(copy)
  const { firstPeriod } = await stage.setUp(copy)
  assert.ok(firstPeriod)
  const { period, grace } = stage.client.constants
  await stage.mineTo(firstPeriod * period)
  await stage.submit(supporter, { call: 'setWish', core: CORE, wish: 0 })
  await stage.mineTo((firstPeriod + 1) * period + grace + 2)
  return copy.id
}

test('comeback - a pinner that lost its reputation, left and registered again has the one that it left with', async t => {
  const stage = await Stage.open(t, { signer: 2, pinner: 1, verifier: 0, other: 2 })
  const [pinner] = stage.people.pinner
  const [supporter, friend] = stage.people.other
  assert.ok(pinner && supporter && friend)
  await stage.registerAll()
  const provider = async (): Promise<ProviderView> => {
    const view = await (await stage.now()).provider(pinner.account)
    assert.ok(view)
    return view
  }
  const newcomer = (await provider()).reputation.pinner
  assert.deepEqual(newcomer, { alpha: 1_000_000n, beta: 3_000_000n })

  const copy = await failOnce(stage, supporter)
  assert.notEqual((await (await stage.now()).copy(copy))?.state, 'Active')
  const bad = await provider()
  assert.ok(bad.reputation.pinner.beta > newcomer.beta)
  assert.equal(bad.reserved, 0n)

  const before = await stage.money(pinner.account)
  const leave = { call: 'deregister' } as const
  let paid = (await stage.submit(pinner, leave)).feePaid
  const { leavingAt } = await provider()
  assert.ok(leavingAt)
  paid += await stage.client.account(pinner.keys).fee(leave)
  assert.equal(await stage.refusal(pinner, leave), 'DepositLocked')
  await stage.mineTo(leavingAt + DEPOSIT_PERIODS * stage.client.constants.period - 1)
  paid += (await stage.submit(pinner, leave)).feePaid
  const gone = await provider()
  assert.deepEqual([gone.roles, gone.deposit, gone.capacity], [[], 0n, 0n])
  assert.equal((await (await stage.now()).balance(pinner.account)).held, 0n)

  // Its noise key, by which peers know it, stays its own.
  const { genesis } = stage.client.constants
  const stolen = {
    call: 'register',
    roles: ['pinner' as const],
    noiseKey: pinner.noiseKey,
    proof: proofOfNoiseKey({ ...pinner, account: friend.account })(genesis, friend.account),
    capacity: CAPACITY
  } as const
  assert.equal(await stage.refusal(friend, { ...stolen, roles: ['pinner'] }), 'NoiseKeyTaken')

  paid += (await stage.register(pinner, 'pinner')).feePaid
  const back = await provider()
  assert.deepEqual(back.reputation, bad.reputation)
  assert.deepEqual([back.roles, back.deposit, back.leavingAt], [['pinner'], bad.deposit, null])
  assert.equal(before - (await stage.money(pinner.account)), paid, 'the fees, and nothing else')
})
