import assert from 'node:assert/strict'
import { DAT } from '../../src/domain/amounts.ts'
import type { Account, CopyId, Period, ProviderRole } from '../../src/domain/ids.ts'
import type { Reputation } from '../../src/domain/view.ts'
import { feesPaid } from '../faults/fees.ts'
import { is } from '../helpers/job.ts'
import type { Network, Provider } from '../helpers/network.ts'

export const ONE = 1_000_000n
/** What every provider of the test network has in the first block. */
const ENDOWED = 100n * DAT

/** Payments of a copy's period to one role. */
export function paid(network: Network, copy: CopyId, period: Period, role: ProviderRole) {
  const isOne = is('Paid', event => event.copy === copy && event.period === period && event.role === role)
  return network.events.filter(isOne).map(({ who, amount }) => ({ who, amount }))
}

/** R in ppm (protocol.md part 5). */
export function ppmOf({ alpha, beta }: Reputation): bigint {
  return (alpha * ONE) / (alpha + beta)
}

/** The reputations that the chain must come to, by the rule of protocol.md 9.5. */
export class Reputations {
  readonly #now = new Map<Account, Reputation>()
  readonly #before = new Map<Account, Reputation>()

  of(account: Account): Reputation {
    return this.#now.get(account) ?? { alpha: ONE, beta: 3n * ONE }
  }

  /** A period adds these to what is left of both counts. */
  add(account: Account, more: bigint, less: bigint): void {
    const { alpha, beta } = this.of(account)
    this.#before.set(account, { alpha, beta })
    this.#now.set(account, { alpha: (alpha * 97n) / 100n + more, beta: (beta * 97n) / 100n + less })
  }

  /** A record holds R of the moment when it was opened: the last period's settlement may have come after that. */
  assertRecorded(account: Account, ppm: bigint): void {
    const known = [this.of(account), this.#before.get(account) ?? this.of(account)].map(ppmOf)
    assert.ok(known.includes(ppm), `${ppm} ppm, not ${known}`)
  }
}

/** Checks each account's money to the planck, and returns what it earned and what it paid in fees. */
export async function balanced(network: Network, providers: readonly Provider[]) {
  const snapshot = await network.client.snapshot()
  const { provider } = network.chain.access.modules
  assert.ok(provider)
  const fees = await feesPaid(provider, snapshot.height)
  const payments = (await network.upTo(snapshot.height)).filter(is('Paid'))
  const sheets = new Map<string, { income: bigint; fees: bigint; reputation: Reputation }>()
  for (const { name, kind, identity } of providers) {
    const { account } = identity
    const income = payments.reduce((sum, { who, amount }) => (who === account ? sum + amount : sum), 0n)
    const { free, held } = await snapshot.balance(account)
    const spent = fees.get(account) ?? 0n
    assert.equal(free + held, ENDOWED + income - spent, name)
    const reputation = (await snapshot.provider(account))?.reputation[kind]
    assert.ok(reputation)
    sheets.set(name, { income, fees: spent, reputation })
  }
  return sheets
}
