import assert from 'node:assert/strict'
import test from 'node:test'
import { depositOf, ensureRegistered, type Registry } from '../../roles/registration.ts'
import { DAT, parseDat } from '../../src/domain/amounts.ts'
import type { Call } from '../../src/domain/calls.ts'
import { DatdotError } from '../../src/domain/errors.ts'
import type { ProviderView } from '../../src/domain/view.ts'
import type { NodeEvent } from '../../src/events.ts'
import { providerChain } from '../../src/node/provider.ts'
import { keysOf, mineUntil, noiseKeys, openBoth, sent } from '../chain-client/local-chain.ts'
import { constants, params } from '../helpers/chain-facts.ts'
import { ME } from '../helpers/views.ts'

const GIB = 2n ** 30n
const FEE = DAT / 1_000n
/** Deposit, float, and the fee in whole hundredths. */
const NEEDED = 11n * DAT + DAT / 100n
const reputation = { alpha: 1n, beta: 3n }

function provider(changes: Partial<ProviderView> = {}): ProviderView {
  return {
    account: ME,
    roles: ['pinner'],
    noiseKey: ME,
    capacity: GIB,
    reserved: 0n,
    reputation: { signer: reputation, pinner: reputation, verifier: reputation },
    registeredAt: 1,
    paused: false,
    payout: ME,
    deposit: 10n * DAT,
    leavingAt: null,
    ...changes
  }
}

interface Setting {
  known?: ProviderView | null
  /** What the chain knows after the first call. */
  later?: ProviderView | null
  /** What the account has at each head. */
  spendable?: bigint[]
  refuse?: DatdotError[]
  role?: 'pinner' | 'signer'
  capacity?: bigint
}

async function ensure({
  known = null,
  later = known,
  spendable = [100n * DAT],
  refuse = [],
  role = 'pinner',
  capacity = GIB
}: Setting) {
  const abort = new AbortController()
  const calls: Call[] = []
  const events: NodeEvent[] = []
  let at = -1
  const chain: Registry = {
    constants,
    params: async () => params,
    heads: async function* () {
      for (const height of spendable.keys()) {
        at = height
        yield { height, events: [], pruned: false }
      }
      abort.abort()
    },
    provider: async () => (calls.length === 0 ? known : later),
    balance: async () => {
      const now = spendable[at] ?? 0n
      return { free: now === 0n ? 0n : now + constants.existentialDeposit, spendable: now }
    },
    fee: async () => FEE,
    submit: async call => {
      calls.push(call)
      const error = refuse.shift()
      if (error !== undefined) throw error
      return { height: 1 }
    }
  }
  const context = {
    identity: { account: ME, noiseKey: ME },
    emit: (event: NodeEvent) => void events.push(event),
    random: (count: number) => new Uint8Array(count),
    now: () => 0
  }
  const done = await ensureRegistered(
    context,
    chain,
    () => new Uint8Array(64),
    { role, capacity },
    abort.signal
  )
  const told = events.filter(event => event.type === 'warning')
  return { done, calls, warnings: told.map(({ code }) => code), messages: told.map(({ message }) => message) }
}

test('registration - registers a node that is no provider yet', async () => {
  const { done, calls } = await ensure({})
  assert.equal(done, true)
  assert.deepEqual(calls, [
    { call: 'register', roles: ['pinner'], noiseKey: ME, proof: new Uint8Array(64), capacity: GIB }
  ])
})

test('registration - registers one that has left: the chain keeps it without a role', async () => {
  const { done, calls } = await ensure({ known: provider({ roles: [], capacity: 0n, deposit: 0n }) })
  assert.equal(done, true)
  assert.deepEqual(
    calls.map(call => [call.call, 'roles' in call && call.roles]),
    [['register', ['pinner']]]
  )
})

test('registration - leaves a provider alone that is what it offers', async () => {
  const { done, calls } = await ensure({ known: provider(), spendable: [0n] })
  assert.equal(done, true)
  assert.deepEqual(calls, [])
})

test('registration - adds a role to those that the provider has', async () => {
  const { calls } = await ensure({ known: provider(), role: 'signer', capacity: 0n })
  assert.deepEqual(calls, [
    { call: 'updateProvider', roles: ['pinner', 'signer'], capacity: GIB, paused: false, payout: null }
  ])
})

test('registration - changes the capacity, and goes on when the chain does not take it', async () => {
  const refuse = [new DatdotError('CALL_REFUSED')]
  const { done, calls, warnings } = await ensure({ known: provider(), capacity: GIB / 2n, refuse })
  assert.equal(done, true)
  assert.equal(calls[0]?.call, 'updateProvider')
  assert.deepEqual(warnings, ['CALL_REFUSED'])
})

test('registration - waits for funds, and tells what is missing again when it changes', async () => {
  const spendable = [0n, 0n, NEEDED - 1n, NEEDED]
  const { done, calls, warnings, messages } = await ensure({ spendable })
  assert.equal(done, true)
  assert.equal(calls.length, 1)
  assert.deepEqual(warnings, ['FUNDS_LOW', 'FUNDS_LOW'])
  assert.match(messages[0] ?? '', /needs 11\.02 DAT more/)
  assert.match(messages[1] ?? '', /needs 0\.000000000001 DAT more/)
})

test('registration - money that was gone when the call came into its block is waited for', async () => {
  const refuse = [
    new DatdotError('CALL_REFUSED', undefined, { details: { name: 'FloatTooLow' } }),
    new DatdotError('CALL_REFUSED', undefined, { details: { name: 'InsufficientBalance' } }),
    new DatdotError('FUNDS_LOW')
  ]
  const spendable = [NEEDED, NEEDED - 1n, NEEDED, NEEDED, NEEDED]
  const { done, calls, warnings } = await ensure({ spendable, refuse })
  assert.equal(done, true)
  assert.equal(calls.length, 4)
  assert.deepEqual(warnings, ['CALL_REFUSED', 'FUNDS_LOW', 'CALL_REFUSED', 'FUNDS_LOW'])
})

test('registration - an account that gets exactly what it is told to be missing becomes a provider', async t => {
  const both = await openBoth(t)
  const keys = await keysOf(99)
  const { noiseKey, proof } = noiseKeys(both.client.constants.genesis, keys.account)
  const chain = providerChain({ chain: both.client, submitter: both.client.account(keys) })
  const abort = new AbortController()
  t.after(() => abort.abort())
  const warned = new Promise<string>((resolve, reject) => {
    const emit = (event: NodeEvent) => {
      if (event.type === 'warning') resolve(event.message)
    }
    const identity = { account: keys.account, noiseKey }
    const context = { identity, emit, random: (count: number) => new Uint8Array(count), now: () => 0 }
    ensureRegistered(context, chain, () => proof, { role: 'signer', capacity: 0n }, abort.signal).catch(
      reject
    )
  })
  const [, missing = ''] = /needs (\S+) DAT more/.exec(await warned) ?? []
  await sent(both, await keysOf(1), { call: 'transfer', to: keys.account, amount: parseDat(missing) })
  const roles = await mineUntil(both, async () => (await chain.provider(keys.account))?.roles ?? null)
  assert.deepEqual(roles, ['signer'])
})

test('registration - tries again after the chain was away, and ends with other errors', async () => {
  const away = await ensure({
    spendable: [100n * DAT, 100n * DAT, 100n * DAT],
    refuse: [new DatdotError('CHAIN_UNREACHABLE'), new DatdotError('CHAIN_FAILED')]
  })
  assert.equal(away.done, true)
  assert.deepEqual(away.warnings, ['CHAIN_UNREACHABLE', 'CHAIN_FAILED'])
  const refuse = [new DatdotError('CALL_REFUSED', 'NoiseKeyTaken')]
  await assert.rejects(ensure({ refuse }), { code: 'CALL_REFUSED' })
})

test('registration - a run before this one was faster: the next head shows it', async () => {
  const refuse = [new DatdotError('CALL_REFUSED', undefined, { details: { name: 'AlreadyRegistered' } })]
  const { done, calls, warnings } = await ensure({
    later: provider(),
    spendable: [100n * DAT, 0n],
    refuse
  })
  assert.equal(done, true)
  assert.equal(calls.length, 1)
  assert.deepEqual(warnings, [])
})

test('registration - is not done when it was stopped before', async () => {
  const { done } = await ensure({ spendable: [0n] })
  assert.equal(done, false)
})

test('depositOf - counts begun units of a pinner and each other role once', () => {
  assert.equal(depositOf(params, ['pinner'], 1n), 10n * DAT)
  assert.equal(depositOf(params, ['pinner'], GIB + 1n), 20n * DAT)
  assert.equal(depositOf(params, ['signer', 'verifier'], 0n), 20n * DAT)
})
