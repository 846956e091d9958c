import assert from 'node:assert/strict'
import { test } from 'node:test'
import { periodStart } from '../../src/domain/periods.ts'
import type { Outcome } from '../../src/domain/reports.ts'
import type { RecordView } from '../../src/domain/view.ts'
import { is, pinCore, randomBlocks, settlements } from '../helpers/job.ts'
import { Network } from '../helpers/network.ts'
import { GarbagePinner, GarbageSigner, GullibleVerifier } from './conspirator.ts'
import { ONE, paid } from './ledger.ts'

const SIZES = [65_536, 30_000, 1, 40_000]

/** A record as it was just before it was settled. */
async function recordOf(network: Network, copy: bigint, period: number): Promise<RecordView> {
  const { constants } = network.client
  const last = periodStart(period + 1, constants.period) + constants.grace - 1
  const record = await (await network.client.snapshot(last)).record(copy, period)
  assert.ok(record)
  return record
}

test('conspirator - a signer and a pinner of garbage are found out by who decodes, and earn a part of X at most', {
  timeout: 300_000
}, async t => {
  const network = await Network.start({
    signers: 1,
    pinners: 1,
    verifiers: 3,
    makeNode: (name, config, modules) => {
      if (name === 'signer-1') return new GarbageSigner(config, modules)
      return name === 'pinner-1' ? new GarbagePinner(config, modules) : new GullibleVerifier(config, modules)
    }
  })
  t.after(() => network.close())
  const [signer] = network.of('signer')
  assert.ok(signer)
  const { account } = signer.identity
  const before = (await (await network.client.snapshot()).balance(account)).free
  const job = await pinCore(network, randomBlocks(SIZES), 1)
  t.after(() => job.author.close())
  const { copy } = await network.event(is('CopyActive'))
  const [first, ...rest] = await settlements(network, copy, 8)
  const view = await (await network.client.snapshot()).copy(copy)
  assert.ok(first && view)
  const { x, y, z, parts } = view.prices
  const shares = ({ verifiers, k }: RecordView, isPaid: (outcome: Outcome) => boolean) =>
    verifiers
      .filter(({ outcome }) => outcome !== null && isPaid(outcome))
      .map(({ account, ppm }) => ({ who: account, amount: (z * BigInt(ppm)) / (BigInt(k) * ONE) }))

  // Who does not decode the leaves takes the garbage for a copy: in this period alone.
  assert.deepEqual([first.proved, first.verdict], [true, 'Served'])
  const trusted = await recordOf(network, copy, first.period)
  assert.deepEqual(paid(network, copy, first.period, 'signer'), [{ who: account, amount: x / BigInt(parts) }])
  assert.deepEqual(paid(network, copy, first.period, 'pinner'), [
    { who: view.pinner, amount: (y * BigInt(trusted.pinnerPpm)) / ONE }
  ])
  assert.deepEqual(
    paid(network, copy, first.period, 'verifier'),
    shares(trusted, outcome => outcome === 'Served')
  )

  for (const { period, proved, verdict, minted, burned } of rest) {
    assert.deepEqual([proved, verdict], [true, 'Failed'])
    const record = await recordOf(network, copy, period)
    const outcomes = record.verifiers.map(({ outcome }) => outcome)
    assert.ok(!outcomes.includes('Served'))
    assert.ok(outcomes.filter(outcome => outcome === 'WrongReplica').length >= 2, String(outcomes))
    const honest = shares(record, outcome => outcome !== 'Served')
    assert.deepEqual(paid(network, copy, period, 'signer'), [])
    assert.deepEqual(paid(network, copy, period, 'pinner'), [])
    assert.deepEqual(paid(network, copy, period, 'verifier'), honest)
    assert.equal(
      minted,
      honest.reduce((sum, { amount }) => sum + amount, 0n)
    )
    assert.equal(burned, minted)
  }
  assert.equal((await network.event(is('CopyEnded', event => event.copy === copy))).reason, 'Misses')
  const after = (await (await network.client.snapshot()).balance(account)).free
  assert.equal(after - before, x / BigInt(parts))
  t.diagnostic(`X ${x}, of which the signer got ${after - before}`)
})
