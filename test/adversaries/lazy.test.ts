import assert from 'node:assert/strict'
import test from 'node:test'
import type { Account } from '../../src/domain/ids.ts'
import type { RecordView } from '../../src/domain/view.ts'
import { setParams } from '../helpers/admin.ts'
import { is, pinCore, randomBlocks } from '../helpers/job.ts'
import { scaled } from '../helpers/long.ts'
import { Network, type Provider } from '../helpers/network.ts'
import {
  copying,
  denying,
  FORGERIES,
  forging,
  type Habit,
  LazyVerifier,
  onlyFirst,
  PublicReports,
  ReadVerifier,
  silent
} from './lazy.ts'
import { balanced, ONE, Reputations } from './ledger.ts'

const SIZES = [10_000, 40_000, 3, 0, 20_000, 1]
const PERIODS = scaled(2, 10)

const reports = new PublicReports()
const HABITS: Record<string, Habit> = {
  'verifier-4': denying,
  'verifier-5': denying,
  'verifier-6': onlyFirst(PERIODS, forging),
  'verifier-7': onlyFirst(PERIODS, copying(reports)),
  'verifier-8': silent
}
const VERIFIERS = 3 + Object.keys(HABITS).length

const isHonest = ({ name }: Provider) => !(name in HABITS)

function startNetwork(): Promise<Network> {
  return Network.start({
    signers: 1,
    pinners: 1,
    verifiers: VERIFIERS,
    makeNode: (name, config, modules) => {
      const habit = HABITS[name]
      if (habit !== undefined) return new LazyVerifier(config, habit, modules)
      return name.startsWith('verifier') ? new ReadVerifier(config, reports, modules) : null
    }
  })
}

/** The record of a copy and period, once it is proved. */
async function recordOf(network: Network, copy: bigint, period: number): Promise<RecordView> {
  await network.event(is('Proved', proved => proved.copy === copy && proved.period === period))
  const record = await (await network.client.snapshot()).record(copy, period)
  assert.ok(record)
  return record
}

/** Fees of what the chain refused a liar. */
async function feesOfRefused(network: Network, { node, identity }: Provider): Promise<bigint> {
  assert.ok(node instanceof LazyVerifier)
  const sender = network.client.account(identity.keys)
  const fees = await Promise.all(node.refused.map(({ call }) => sender.fee(call)))
  return fees.reduce((sum, fee) => sum + fee, 0n)
}

function refusals({ node }: Provider): string[] {
  assert.ok(node instanceof LazyVerifier)
  return node.refused.map(({ name }) => name)
}

test('lazy - verifiers that deny, forge, copy or keep silent earn nothing and lose reputation, and turn no verdict', async t => {
  const network = await startNetwork()
  t.after(() => network.close())
  // All of them are drawn for each check.
  await setParams(network.client, { verifiers: VERIFIERS })
  const verifiers = network.of('verifier')
  const honest = new Set(verifiers.filter(isHonest).map(({ identity }) => identity.account))
  const job = await pinCore(network, randomBlocks(SIZES), 1)
  t.after(() => job.author.close())
  const { copy, firstPeriod } = await network.event(is('CopyActive'))
  const { z } = await network.client.params()

  const reputations = new Reputations()
  const drawn = new Map<Account, number>()
  for (let period = firstPeriod; period < firstPeriod + PERIODS; period++) {
    const { k, verifiers } = await recordOf(network, copy, period)
    assert.equal(k, VERIFIERS)
    const settled = await network.event(is('Settled', at => at.copy === copy && at.period === period))
    assert.equal(settled.verdict, 'Served')
    const paid = network.events.filter(is('Paid', at => at.period === period && at.role === 'verifier'))
    const due = verifiers.filter(({ account }) => honest.has(account))
    assert.deepEqual(
      paid.map(({ who, amount }) => [who, amount]),
      due.map(({ account, ppm }) => [account, (z * BigInt(ppm)) / (BigInt(k) * ONE)])
    )
    for (const { account, ppm } of verifiers) {
      reputations.assertRecorded(account, BigInt(ppm))
      reputations.add(account, honest.has(account) ? ONE : 0n, honest.has(account) ? 0n : ONE)
      drawn.set(account, (drawn.get(account) ?? 0) + 1)
    }
  }

  const [, , , , , forger, copier, quiet] = verifiers
  assert.ok(forger && copier && quiet)
  const timesOf = ({ identity }: Provider): number => drawn.get(identity.account) ?? 0
  assert.deepEqual(refusals(forger), Array.from({ length: timesOf(forger) }, () => FORGERIES).flat())
  assert.deepEqual(
    refusals(copier),
    Array.from({ length: timesOf(copier) }, () => 'BadReceipt')
  )
  const sheets = await balanced(network, verifiers)
  for (const verifier of verifiers) {
    const { name, identity } = verifier
    const sheet = sheets.get(name)
    assert.ok(sheet)
    assert.deepEqual(sheet.reputation, reputations.of(identity.account), name)
    assert.equal(sheet.income > 0n, isHonest(verifier), name)
    const isRefused: boolean = verifier === forger || verifier === copier
    const lost: bigint = isRefused ? await feesOfRefused(network, verifier) : 0n
    assert.equal(sheet.fees, (sheets.get(quiet.name)?.fees ?? 0n) + lost, name)
    assert.equal(lost > 0n, isRefused)
  }
})
