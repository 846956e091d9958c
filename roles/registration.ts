import type { BalanceView } from '../src/chain-client/types.ts'
import { formatDat } from '../src/domain/amounts.ts'
import type { Call } from '../src/domain/calls.ts'
import { DatdotError, isDatdotError } from '../src/domain/errors.ts'
import type { Account, ProviderRole } from '../src/domain/ids.ts'
import type { Params, ProviderView } from '../src/domain/view.ts'
import { isChainAway, isRefusedFor } from './refusals.ts'
import type { CopyReader, RoleContext, Submitter } from './role.ts'
import { warningOf } from './runner.ts'

/** Reads what a registration depends on. */
export interface Registry extends Submitter, Pick<CopyReader, 'constants' | 'params' | 'heads'> {
  provider(account: Account): Promise<ProviderView | null>
  balance(account: Account): Promise<Pick<BalanceView, 'free' | 'spendable'>>
  /** Plancks that must be there when the node's account sends the call. */
  fee(call: Call): Promise<bigint>
}

/** What a provider offers; `capacity` in bytes, by the chain's parameters, 0 for other roles than the pinner. */
export interface Offer {
  role: ProviderRole
  capacity: bigint | ((params: Params) => bigint)
}

type FixedOffer = Offer & { capacity: bigint }

/** What makes a provider of an account, or another one. */
type Registration = Extract<Call, { call: 'register' | 'updateProvider' }>

/** Signs the noise key's proof of possession (protocol.md 9.9). */
export type ProveNoiseKey = (genesis: Uint8Array, account: Account) => Uint8Array

/** Plancks that are held for a provider of these roles; `capacity` in bytes (protocol.md 9.9). */
export function depositOf(params: Params, roles: readonly ProviderRole[], capacity: bigint): bigint {
  const units = (capacity + params.pinnerUnit - 1n) / params.pinnerUnit
  return roles.reduce(
    (sum, role) => sum + (role === 'pinner' ? units * params.depositPinnerUnit : params.depositOther),
    0n
  )
}

/**
 * Makes the node a provider of the offered role when it is not one yet, and waits, with a FUNDS_LOW warning of what is
 * missing, while the account cannot pay deposit, float and fee (protocol.md part 4). False when the signal aborted before.
 */
export async function ensureRegistered(
  context: RoleContext,
  chain: Registry,
  prove: ProveNoiseKey,
  offer: Offer,
  signal: AbortSignal
): Promise<boolean> {
  let told = 0n
  for await (const _ of chain.heads(signal)) {
    try {
      const missing = await registerNow(context, chain, prove, offer, signal)
      if (missing === 0n) return true
      if (missing !== told) warnFunds(context, missing)
      told = missing
    } catch (error) {
      if (signal.aborted && isDatdotError(error, 'ABORTED')) return false
      // A run before this one has sent it: a later head shows it.
      if (isRefusedFor(error, 'AlreadyRegistered')) continue
      if (!isPassing(error)) throw error
      context.emit(warningOf('registering', error))
    }
  }
  if (signal.aborted) return false
  throw new DatdotError('CHAIN_UNREACHABLE', 'the chain gives no more blocks')
}

/** True for what another head may change: the chain is away, or money went before the call was in its block. */
function isPassing(error: unknown): boolean {
  const isPoor = isRefusedFor(error, 'FloatTooLow', 'InsufficientBalance')
  return isPoor || isChainAway(error) || isDatdotError(error, 'CALL_DROPPED', 'FUNDS_LOW')
}

/** Plancks that are missing; 0 when the provider is what was offered. */
async function registerNow(
  context: RoleContext,
  chain: Registry,
  prove: ProveNoiseKey,
  { role, capacity }: Offer,
  signal: AbortSignal
): Promise<bigint> {
  const { account } = context.identity
  const offer = { role, capacity: typeof capacity === 'bigint' ? capacity : capacity(await chain.params()) }
  const known = await chain.provider(account)
  // Who has left stays in the chain's books without a role, for its reputation.
  const provider = known?.roles.length === 0 ? null : known
  if (provider !== null && covers(provider, offer)) return 0n
  const call = callOf(context, chain, prove, provider, offer)
  const params = await chain.params()
  const more = depositOf(params, call.roles, call.capacity) - (provider?.deposit ?? 0n)
  const missing = await missingFunds(chain, account, call, (more > 0n ? more : 0n) + params.float)
  if (missing === 0n) await send(context, chain, provider, call, signal)
  return missing
}

function covers(provider: ProviderView, { role, capacity }: FixedOffer): boolean {
  return provider.roles.includes(role) && (role !== 'pinner' || provider.capacity === capacity)
}

/** What is missing besides the call's fee, which changes with each block: it is reckoned in whole existential deposits. */
async function missingFunds(
  chain: Registry,
  account: Account,
  call: Registration,
  amount: bigint
): Promise<bigint> {
  const { existentialDeposit: unit } = chain.constants
  const { free, spendable } = await chain.balance(account)
  const needed = amount + ((await chain.fee(call)) / unit + 1n) * unit
  // An account begins with the existential deposit, which it keeps.
  const kept = free < unit ? unit - free : 0n
  return spendable >= needed ? 0n : needed + kept - spendable
}

/** The provider becomes what it is, and what is offered. */
function callOf(
  context: RoleContext,
  chain: Registry,
  prove: ProveNoiseKey,
  provider: ProviderView | null,
  { role, capacity }: FixedOffer
): Registration {
  const { account, noiseKey } = context.identity
  if (provider === null) {
    const proof = prove(chain.constants.genesis, account)
    return { call: 'register', roles: [role], noiseKey, proof, capacity }
  }
  const { roles, paused, payout } = provider
  return {
    call: 'updateProvider',
    roles: roles.includes(role) ? roles : [...roles, role],
    capacity: role === 'pinner' ? capacity : provider.capacity,
    paused,
    payout: payout === account ? null : payout
  }
}

/** When only the capacity was to change and the chain refuses, it stays as it is, and so does the work. */
async function send(
  context: RoleContext,
  chain: Registry,
  provider: ProviderView | null,
  call: Registration,
  signal: AbortSignal
): Promise<void> {
  const { roles, capacity } = call
  try {
    await chain.submit(call, signal)
    context.emit({ type: 'registered', roles, capacity })
  } catch (error) {
    if (roles.length !== provider?.roles.length || !isDatdotError(error, 'CALL_REFUSED')) throw error
    context.emit(warningOf('changing the capacity', error))
  }
}

function warnFunds(context: RoleContext, missing: bigint): void {
  const error = new DatdotError(
    'FUNDS_LOW',
    `the account ${context.identity.account} needs ${formatDat(missing)} more for deposit, float and fee`
  )
  context.emit({ type: 'warning', code: error.code, message: error.message, help: error.help })
}
