import assert from 'node:assert/strict'
import type { ChainEvent } from '../../src/domain/chain-events.ts'
import { is } from '../helpers/job.ts'
import type { Network } from '../helpers/network.ts'

export function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, one) => total + one, 0n)
}

/** Free balances of all providers, which from their registration on may change by payments alone. */
export async function balances(network: Network): Promise<Map<string, bigint>> {
  const snapshot = await network.client.snapshot()
  const accounts = network.providers.map(({ identity }) => identity.account)
  return new Map(
    await Promise.all(
      accounts.map(async account => [account, (await snapshot.balance(account)).free] as const)
    )
  )
}

/** Nothing happened twice, and each period's mint is its burn and its payments. */
export function assertOnce(events: readonly ChainEvent[]): void {
  const keyed = events.filter(is('SpanKeyed')).map(({ span }) => `${span}`)
  const sealed = events.filter(is('SpanSealed')).map(({ span }) => `${span}`)
  const proved = events.filter(is('Proved')).map(({ copy, period }) => `${copy} ${period}`)
  const reported = events
    .filter(is('Reported'))
    .map(({ copy, period, verifier }) => `${copy} ${period} ${verifier}`)
  const paid = events
    .filter(is('Paid'))
    .map(({ copy, period, who, role }) => `${copy} ${period} ${who} ${role}`)
  const settlements = events.filter(is('Settled'))
  const settled = settlements.map(({ copy, period }) => `${copy} ${period}`)
  for (const names of [keyed, sealed, proved, reported, paid, settled])
    assert.deepEqual([...new Set(names)], names, 'nothing happens twice')
  for (const { copy, period, minted, burned } of settlements) {
    assert.equal(minted, burned)
    const shares = events.filter(is('Paid', event => event.copy === copy && event.period === period))
    assert.equal(sum(shares.map(({ amount }) => amount)), minted)
  }
}

/** Each account gained exactly what it was paid: it paid no fee, so no call of it failed. */
export async function assertPaid(network: Network, before: ReadonlyMap<string, bigint>): Promise<void> {
  const now = await network.client.snapshot()
  const paid = (await network.upTo(now.height)).filter(is('Paid'))
  for (const [account, free] of before) {
    const amounts = paid.filter(({ who }) => who === account).map(({ amount }) => amount)
    assert.equal((await now.balance(account)).free - free, sum(amounts))
  }
}
