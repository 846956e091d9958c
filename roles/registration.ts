import { formatDat } from '../src/domain/amounts.ts'
import { DatdotError, isDatdotError } from '../src/domain/errors.ts'
import type { Account, ProviderRole } from '../src/domain/ids.ts'
import type { Params, ProviderView } from '../src/domain/view.ts'
import type { CopyReader, RoleContext, Submitter } from './role.ts'
import { warningOf } from './runner.ts'

/** Reads what a registration depends on. */
export interface Registry extends Submitter, Pick<CopyReader, 'constants' | 'params' | 'heads'> {
  provider(account: Account): Promise<ProviderView | null>
  /** Plancks that the account may spend. */
  spendable(account: Account): Promise<bigint>
}

/** What a provider offers; `capacity` in bytes, 0 for other roles than the pinner. */
export interface Offer {
  role: ProviderRole
  capacity: bigint
}

/** Signs the noise key's proof of possession (protocol.md 9.9). */
export type ProveNoiseKey = (genesis: Uint8Array, account: Account) => Uint8Array

/** Plancks that are held for an offer. */
export function depositOf(params: Params, { role, capacity }: Offer): bigint {
  if (role !== 'pinner') return params.depositOther
  const units = (capacity + params.pinnerUnit - 1n) / params.pinnerUnit
  return units * params.depositPinnerUnit
}

/**
 * Makes the node a provider of the offered role when it is not one yet, and waits, with a FUNDS_LOW warning,
 * while the account cannot pay deposit and float (protocol.md part 4).
 */
export async function ensureRegistered(
  context: RoleContext,
  chain: Registry,
  prove: ProveNoiseKey,
  offer: Offer,
  signal: AbortSignal
): Promise<void> {
  let warned = false
  for await (const _ of chain.heads(signal)) {
    try {
      const missing = await registerNow(context, chain, prove, offer, signal)
      if (missing === 0n) return
      if (!warned) warnFunds(context, missing)
      warned = true
    } catch (error) {
      if (signal.aborted || !isDatdotError(error, 'CHAIN_UNREACHABLE', 'CALL_DROPPED', 'NOT_FOUND'))
        throw error
      context.emit(warningOf('registering', error))
    }
  }
  signal.throwIfAborted()
  throw new DatdotError('CHAIN_UNREACHABLE', 'the chain gives no more blocks')
}

/** Plancks that are missing; 0 when the provider is what was offered. */
async function registerNow(
  context: RoleContext,
  chain: Registry,
  prove: ProveNoiseKey,
  offer: Offer,
  signal: AbortSignal
): Promise<bigint> {
  const provider = await chain.provider(context.identity.account)
  if (provider !== null && covers(provider, offer)) return 0n
  const missing = await missingFunds(context, chain, provider, offer)
  if (missing === 0n) await register(context, chain, prove, provider, offer, signal)
  return missing
}

function covers(provider: ProviderView, { role, capacity }: Offer): boolean {
  return provider.roles.includes(role) && (role !== 'pinner' || provider.capacity === capacity)
}

async function missingFunds(
  context: RoleContext,
  chain: Registry,
  provider: ProviderView | null,
  offer: Offer
): Promise<bigint> {
  const params = await chain.params()
  const needed = depositOf(params, offer) - (provider?.deposit ?? 0n) + params.float
  const spendable = await chain.spendable(context.identity.account)
  return spendable >= needed ? 0n : needed - spendable
}

async function register(
  context: RoleContext,
  chain: Registry,
  prove: ProveNoiseKey,
  provider: ProviderView | null,
  { role, capacity }: Offer,
  signal: AbortSignal
): Promise<void> {
  const { account, noiseKey } = context.identity
  if (provider === null) {
    const proof = prove(chain.constants.genesis, account)
    await chain.submit({ call: 'register', roles: [role], noiseKey, proof, capacity }, signal)
  } else {
    const roles = provider.roles.includes(role) ? provider.roles : [...provider.roles, role]
    const { paused, payout } = provider
    await chain.submit(
      {
        call: 'updateProvider',
        roles,
        capacity: role === 'pinner' ? capacity : provider.capacity,
        paused,
        payout: payout === account ? null : payout
      },
      signal
    )
  }
  context.emit({ type: 'registered', roles: [role], capacity })
}

function warnFunds(context: RoleContext, missing: bigint): void {
  const error = new DatdotError(
    'FUNDS_LOW',
    `the account ${context.identity.account} needs ${formatDat(missing)} more for deposit and float`
  )
  context.emit({ type: 'warning', code: error.code, message: error.message, help: error.help })
}
