import { formatDat } from '../src/domain/amounts.ts'
import { DatdotError, isDatdotError } from '../src/domain/errors.ts'
import type { Account, ProviderRole } from '../src/domain/ids.ts'
import type { Params, ProviderView } from '../src/domain/view.ts'
import { isChainAway, isRefusedFor } from './refusals.ts'
import type { CopyReader, RoleContext, Submitter } from './role.ts'
import { warningOf } from './runner.ts'

/** Reads what a registration depends on. */
export interface Registry extends Submitter, Pick<CopyReader, 'constants' | 'params' | 'heads'> {
  provider(account: Account): Promise<ProviderView | null>
  /** Plancks that the account may spend. */
  spendable(account: Account): Promise<bigint>
}

/** What a provider offers; `capacity` in bytes, by the chain's parameters, 0 for other roles than the pinner. */
export interface Offer {
  role: ProviderRole
  capacity: bigint | ((params: Params) => bigint)
}

type FixedOffer = Offer & { capacity: bigint }

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
 * Makes the node a provider of the offered role when it is not one yet, and waits, with a FUNDS_LOW warning,
 * while the account cannot pay deposit and float (protocol.md part 4). False when the signal aborted before.
 */
export async function ensureRegistered(
  context: RoleContext,
  chain: Registry,
  prove: ProveNoiseKey,
  offer: Offer,
  signal: AbortSignal
): Promise<boolean> {
  let warned = false
  for await (const _ of chain.heads(signal)) {
    try {
      const missing = await registerNow(context, chain, prove, offer, signal)
      if (missing === 0n) return true
      if (!warned) warnFunds(context, missing)
      warned = true
    } catch (error) {
      if (signal.aborted && isDatdotError(error, 'ABORTED')) return false
      // A run before this one has sent it: a later head shows it.
      if (isRefusedFor(error, 'AlreadyRegistered')) continue
      if (!isChainAway(error) && !isDatdotError(error, 'CALL_DROPPED')) throw error
      context.emit(warningOf('registering', error))
    }
  }
  if (signal.aborted) return false
  throw new DatdotError('CHAIN_UNREACHABLE', 'the chain gives no more blocks')
}

/** Plancks that are missing; 0 when the provider is what was offered. */
async function registerNow(
  context: RoleContext,
  chain: Registry,
  prove: ProveNoiseKey,
  { role, capacity }: Offer,
  signal: AbortSignal
): Promise<bigint> {
  const offer = { role, capacity: typeof capacity === 'bigint' ? capacity : capacity(await chain.params()) }
  const known = await chain.provider(context.identity.account)
  // Who has left stays in the chain's books without a role, for its reputation.
  const provider = known?.roles.length === 0 ? null : known
  if (provider !== null && covers(provider, offer)) return 0n
  const missing = await missingFunds(context, chain, provider, offer)
  if (missing === 0n) await register(context, chain, prove, provider, offer, signal)
  return missing
}

function covers(provider: ProviderView, { role, capacity }: FixedOffer): boolean {
  return provider.roles.includes(role) && (role !== 'pinner' || provider.capacity === capacity)
}

async function missingFunds(
  context: RoleContext,
  chain: Registry,
  provider: ProviderView | null,
  offer: FixedOffer
): Promise<bigint> {
  const params = await chain.params()
  const target = targetOf(provider, offer)
  const more = depositOf(params, target.roles, target.capacity) - (provider?.deposit ?? 0n)
  const needed = (more > 0n ? more : 0n) + params.float
  const spendable = await chain.spendable(context.identity.account)
  return spendable >= needed ? 0n : needed - spendable
}

/** What the provider is to be: what it is, and the offered role. */
function targetOf(provider: ProviderView | null, { role, capacity }: FixedOffer) {
  const roles = provider?.roles ?? []
  return {
    roles: roles.includes(role) ? roles : [...roles, role],
    capacity: role === 'pinner' ? capacity : (provider?.capacity ?? 0n)
  }
}

async function register(
  context: RoleContext,
  chain: Registry,
  prove: ProveNoiseKey,
  provider: ProviderView | null,
  offer: FixedOffer,
  signal: AbortSignal
): Promise<void> {
  const { account, noiseKey } = context.identity
  const { roles, capacity } = targetOf(provider, offer)
  if (provider === null) {
    const proof = prove(chain.constants.genesis, account)
    await chain.submit({ call: 'register', roles, noiseKey, proof, capacity }, signal)
  } else if (!(await update(context, chain, provider, { roles, capacity }, signal))) return
  context.emit({ type: 'registered', roles, capacity })
}

/** False when only the capacity was to change and the chain refused: it stays as it is, and so does the work. */
async function update(
  context: RoleContext,
  chain: Registry,
  provider: ProviderView,
  target: { roles: ProviderRole[]; capacity: bigint },
  signal: AbortSignal
): Promise<boolean> {
  const { account, payout, paused } = provider
  try {
    const own = payout === account ? null : payout
    await chain.submit({ call: 'updateProvider', ...target, paused, payout: own }, signal)
    return true
  } catch (error) {
    const isChange = target.roles.length === provider.roles.length
    if (!isChange || !isDatdotError(error, 'CALL_REFUSED')) throw error
    context.emit(warningOf('changing the capacity', error))
    return false
  }
}

function warnFunds(context: RoleContext, missing: bigint): void {
  const error = new DatdotError(
    'FUNDS_LOW',
    `the account ${context.identity.account} needs ${formatDat(missing)} more for deposit and float`
  )
  context.emit({ type: 'warning', code: error.code, message: error.message, help: error.help })
}
