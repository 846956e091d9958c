import { DatdotError } from '../domain/errors.ts'
import { type Account, type CoreKey, PROVIDER_ROLES, type ProviderRole } from '../domain/ids.ts'
import { OUTCOMES } from '../domain/reports.ts'
import { COPY_MACHINE, SPAN_MACHINE } from '../domain/states.ts'
import type {
  CopyView,
  CoreView,
  Params,
  PartiesView,
  PeriodView,
  PotView,
  ProviderView,
  RecordView,
  RequestView,
  RoleSlotView,
  SeedView,
  ShareView,
  SpanView,
  TotalsView,
  TreeView
} from '../domain/view.ts'
import { Reader } from './plain.ts'
import type { BalanceView } from './types.ts'

/** Shares keep this many bits fewer for each step of the pot's scale (protocol.md 9.4). */
const SCALE_BITS = 32n
const SHARE_BITS = 128n

/** The roles whose bits are set. */
function readRoles(bits: number): ProviderRole[] {
  return PROVIDER_ROLES.filter((_, index) => bits & (1 << index))
}

/** A role as the chain's enum names it. */
export function readRole(reader: Reader): ProviderRole {
  const name = reader.variant().name.toLowerCase()
  return new Reader(name, reader.path).text(PROVIDER_ROLES)
}

export function readParams(r: Reader): Params {
  const number = (name: string) => r.field(name).number()
  const bigint = (name: string) => r.field(name).bigint()
  return {
    samples: number('samples'),
    verifiers: number('verifiers'),
    parts: number('parts'),
    maxFaults: number('maxFaults'),
    maxMisses: number('maxMisses'),
    unfundedGrace: number('unfundedGrace'),
    minPeriods: number('minPeriods'),
    spanTarget: number('spanTarget'),
    maxCopies: number('maxCopies'),
    commitDeadline: number('commitDeadline'),
    sealBase: number('sealBase'),
    minRate: number('minRate'),
    x: bigint('x'),
    y: bigint('y'),
    z: bigint('z'),
    pinnerUnit: bigint('pinnerUnit'),
    depositPinnerUnit: bigint('depositPinnerUnit'),
    depositOther: bigint('depositOther'),
    float: bigint('float'),
    coreDeposit: bigint('coreDeposit'),
    minDonation: bigint('minDonation'),
    setupFee: bigint('setupFee'),
    floorPpm: number('floorPpm'),
    declinesPerPeriod: number('declinesPerPeriod'),
    throughputTarget: number('throughputTarget')
  }
}

export function readProvider(account: Account, r: Reader): ProviderView {
  const reputation = (index: number) => {
    const item = r.field('reputation').item(index)
    return { alpha: item.field('alpha').bigint(), beta: item.field('beta').bigint() }
  }
  return {
    account,
    roles: readRoles(r.field('roles').number()),
    noiseKey: r.field('noiseKey').hex32(),
    capacity: r.field('capacity').bigint(),
    reserved: r.field('reserved').bigint(),
    reputation: { signer: reputation(0), pinner: reputation(1), verifier: reputation(2) },
    registeredAt: r.field('registeredAt').number(),
    paused: r.field('paused').boolean(),
    payout: r.field('payout').hex32(),
    deposit: r.field('deposit').bigint(),
    leavingAt: r.field('leaving').maybe(height => height.number())
  }
}

export function readRoleSlot(r: Reader): RoleSlotView {
  return {
    account: r.field('account').hex32(),
    since: r.field('since').number(),
    until: r.field('until').maybe(height => height.number())
  }
}

function readTree(r: Reader): TreeView {
  return {
    fork: r.field('fork').bigint(),
    length: r.field('length').number(),
    byteLength: r.field('byteLength').number(),
    treeHash: r.field('treeHash').bytes(32)
  }
}

export function readCore(key: CoreKey, r: Reader): CoreView {
  return {
    key,
    ...readTree(r.field('tree')),
    publishedAt: r.field('publishedAt').number(),
    unavailable: r.field('unavailable').number(),
    depositor: r.field('depositor').hex32(),
    copies: r.field('copies').number(),
    requests: r.field('requests').number()
  }
}

/** A pot, or null when nobody ever donated. */
export function readPot(r: Reader, maxCopies: number): PotView | null {
  const totalShares = r.field('total').bigint()
  if (r.field('era').number() === 0) return null
  const mean = totalShares === 0n ? 0n : r.field('wishes').bigint() / totalShares
  return {
    balance: r.field('balance').bigint(),
    totalShares,
    locked: r.field('locked').bigint(),
    holders: r.field('holders').number(),
    wanted: Number(mean < BigInt(maxCopies) ? mean : BigInt(maxCopies))
  }
}

/** A share at the pot's current scale; null when it is of an earlier era and so worth nothing. Throws CHAIN_FAILED for a scale after the pot's. */
export function readShare(share: Reader, pot: Reader): ShareView | null {
  if (share.field('era').number() !== pot.field('era').number()) return null
  const shift = SCALE_BITS * (pot.field('scale').bigint() - share.field('scale').bigint())
  if (shift < 0n) throw new DatdotError('CHAIN_FAILED', "a share's scale comes after its pot's")
  const shares = shift >= SHARE_BITS ? 0n : share.field('n').bigint() >> shift
  const total = pot.field('total').bigint()
  return {
    shares,
    wish: share.field('wish').number(),
    value: total === 0n ? 0n : (pot.field('balance').bigint() * shares) / total
  }
}

export function readRequest(coreKey: CoreKey, slot: number, r: Reader): RequestView {
  return {
    coreKey,
    slot,
    requestId: r.field('requestId').bigint(),
    seed: r.field('seed').number(),
    attempt: r.field('attempt').number(),
    tree: readTree(r.field('tree'))
  }
}

/** A copy; its spans are read apart, as their ids in `spans` say. */
export function readCopy(id: bigint, r: Reader): { copy: CopyView; spanIds: bigint[] } {
  const prices = r.field('prices')
  const { name, content } = r.field('state').variant()
  const number = (field: string) => r.field(field).number()
  const maybe = (field: string) => r.field(field).maybe(value => value.number())
  const copy: CopyView = {
    id,
    coreKey: r.field('core').hex32(),
    tree: readTree(r.field('tree')),
    slot: number('slot'),
    requestId: r.field('requestId').bigint(),
    seed: number('seed'),
    pinner: r.field('pinner').hex32(),
    pinnerNoiseKey: r.field('pinnerNoiseKey').hex32(),
    state: new Reader(name, r.path).text(COPY_MACHINE.states),
    reason: content.isVariant ? content.variant().name : null,
    spans: [],
    prices: {
      x: prices.field('x').bigint(),
      y: prices.field('y').bigint(),
      z: prices.field('z').bigint(),
      parts: number('parts')
    },
    locked: r.field('locked').bigint(),
    assignedAt: number('assignedAt'),
    firstPeriod: maybe('firstPeriod'),
    earliestSeed: number('earliestSeed'),
    lastSettled: number('lastSettled'),
    endsAfter: maybe('endsAfter'),
    endedAt: maybe('endedAt'),
    faults: number('faults'),
    misses: number('misses'),
    passes: number('passes'),
    unfunded: number('unfunded')
  }
  return { copy, spanIds: r.field('spans').list(item => item.bigint()) }
}

export function readSpan(id: bigint, r: Reader): SpanView {
  const key = r.field('key')
  const number = (field: string) => r.field(field).number()
  return {
    id,
    copyId: r.field('copy').bigint(),
    number: number('number'),
    signer: r.field('signer').maybe(account => account.hex32()),
    signerNoiseKey: r.field('signerNoiseKey').maybe(noiseKey => noiseKey.hex32()),
    start: number('start'),
    end: number('end'),
    byteStart: number('byteStart'),
    byteLength: number('byteLength'),
    e: key.maybe(value => value.field('e').number()) ?? 0,
    modulus: key.maybe(value => value.field('modulus').bytes(256)),
    beacon: r.field('beacon').bytes(32),
    tag: key.maybe(value => value.field('tag').bytes(32)),
    cells: number('cells'),
    root: r.field('root').maybe(root => root.bytes(32)),
    state: r.field('state').oneOf(SPAN_MACHINE.states),
    x: r.field('x').bigint(),
    assignedAt: number('assignedAt'),
    deadline: r.field('deadline').maybe(height => height.number())
  }
}

export function readSeed(index: number, r: Reader): SeedView {
  const count = (role: number) => r.field('counts').item(role).number()
  return {
    index,
    value: r.field('value').bytes(32),
    counts: { signer: count(0), pinner: count(1), verifier: count(2) },
    vrfs: r.field('vrfs').number()
  }
}

export function readPeriod(index: number, r: Reader): PeriodView {
  return {
    index,
    seed: r.field('seed').bytes(32),
    verifierCount: r.field('verifiers').number(),
    samples: r.field('samples').number(),
    seedIndex: r.field('seedIndex').number()
  }
}

export function readRecord(copyId: bigint, period: number, r: Reader): RecordView {
  return {
    copyId,
    period,
    pinnerPpm: r.field('pinnerR').number(),
    k: r.field('k').number(),
    verifiers: r.field('verifiers').list(item => ({
      account: item.field('account').hex32(),
      ppm: item.field('r').number(),
      outcome: item.field('report').maybe(report => report.field('outcome').oneOf(OUTCOMES)),
      wrong: item.field('report').maybe(report => report.field('wrong').maybe(readLeafPosition))
    })),
    proved: r.field('proved').boolean()
  }
}

function readLeafPosition(r: Reader): { span: number; index: number } {
  return { span: r.item(0).number(), index: r.item(1).number() }
}

export function readTotals(r: Reader): TotalsView {
  return {
    minted: r.field('minted').bigint(),
    burnedForWork: r.field('burnedForWork').bigint(),
    fees: r.field('fees').bigint()
  }
}

export function readParties(r: Reader): PartiesView {
  return { pinner: r.field('pinner').number(), signer: r.field('signer').number() }
}

/** Free, held and spendable plancks: an account keeps the existential deposit, and frozen money that is not held. */
export function readBalance(r: Reader, existentialDeposit: bigint): BalanceView {
  const data = r.field('data')
  const free = data.field('free').bigint()
  const held = data.field('reserved').bigint()
  const frozen = data.field('frozen').bigint() - held
  const kept = frozen > existentialDeposit ? frozen : existentialDeposit
  return { free, held, spendable: free > kept ? free - kept : 0n }
}
