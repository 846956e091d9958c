import type { Snapshot } from '../../src/chain-client/types.ts'
import type { Account, CopyId, CoreKey, Height, Period, SpanId } from '../../src/domain/ids.ts'
import { periodOf } from '../../src/domain/periods.ts'
import { ppmOf } from '../../src/domain/reputation.ts'
import type { CopyState, SpanState } from '../../src/domain/states.ts'
import type {
  CopyView,
  CoreView,
  Params,
  PotView,
  ProviderView,
  RequestView,
  ShareView
} from '../../src/domain/view.ts'
import { describeLack } from './lack.ts'

/** A copy as its supporters see it. */
export interface CopyStatus {
  copy: CopyId
  slot: number
  state: CopyState
  pinner: Account
  /** R of the pinner in parts per million. */
  pinnerPpm: number
  spans: { span: SpanId; signer: Account | null; state: SpanState; byteLength: number }[]
  firstPeriod: Period | null
  lastSettled: Period
  /** Whether the period that runs is proved already; null before the first. */
  proved: boolean | null
  faults: number
  misses: number
  unfunded: number
}

/** All that a supporter asks of a core (protocol.md part 1, dashboard). */
export interface CoreStatus {
  height: Height
  period: Period
  core: CoreKey
  published: { fork: bigint; length: number; byteLength: number; unavailable: number } | null
  pot: PotView | null
  share: ShareView | null
  requests: RequestView[]
  copies: CopyStatus[]
  /** Copies that nobody wants any more and that only settle their last period. */
  ending: number
  /** Whole periods that the pot still pays for at full reputation; null without active copies. */
  periodsLeft: bigint | null
  /** Sentences on what is being waited for or short. */
  notes: string[]
}

/** R of a provider as pinner, in parts per million (protocol.md part 5). */
export function pinnerPpm(provider: ProviderView | null): number {
  return provider ? ppmOf(provider.reputation.pinner) : 0
}

/** Says what a request's last draw lacked, null when that is not known. */
export type LackOf = (request: RequestView) => Promise<string | null>

/** Reads a core's whole standing from one finalized block. */
export async function readStatus(
  snapshot: Snapshot,
  periodLength: number,
  core: CoreKey,
  account: Account | null,
  lackOf: LackOf = async () => null
): Promise<CoreStatus> {
  const period = periodOf(snapshot.height, periodLength)
  const [published, pot, share, requests, copies, params, before] = await Promise.all([
    snapshot.core(core),
    snapshot.pot(core),
    account === null ? null : snapshot.shares(core, account),
    snapshot.requests(core),
    snapshot.copiesOf(core),
    snapshot.params(),
    snapshot.periodAt(period - 1)
  ])
  const lacks = await Promise.all(requests.map(lackOf))
  const statuses = await Promise.all(copies.map(copy => copyStatus(snapshot, copy, period)))
  const active = copies.filter(copy => copy.state === 'Active')
  const ending = Math.max(0, (published?.copies ?? 0) - copies.length)
  const perPeriod = active.reduce((sum, copy) => sum + copy.prices.y + copy.prices.z, 0n)
  const seen = { pot, requests, copies: statuses, ending }
  const verifiers = before?.verifierCount ?? null
  return {
    height: snapshot.height,
    period,
    core,
    published: published && treeStatus(published),
    share,
    ...seen,
    periodsLeft: pot && perPeriod > 0n ? pot.balance / perPeriod : null,
    notes: notes({ ...seen, published: published !== null, lacks, params, verifiers })
  }
}

function treeStatus({ fork, length, byteLength, unavailable }: CoreView): CoreStatus['published'] {
  return { fork, length, byteLength, unavailable }
}

async function copyStatus(snapshot: Snapshot, copy: CopyView, period: Period): Promise<CopyStatus> {
  const runs = copy.firstPeriod !== null && period >= copy.firstPeriod
  const [provider, record] = await Promise.all([
    snapshot.provider(copy.pinner),
    runs ? snapshot.record(copy.id, period) : null
  ])
  return {
    copy: copy.id,
    slot: copy.slot,
    state: copy.state,
    pinner: copy.pinner,
    pinnerPpm: pinnerPpm(provider),
    spans: copy.spans.map(({ id, signer, state, byteLength }) => ({ span: id, signer, state, byteLength })),
    firstPeriod: copy.firstPeriod,
    lastSettled: copy.lastSettled,
    proved: runs ? (record?.proved ?? false) : null,
    faults: copy.faults,
    misses: copy.misses,
    unfunded: copy.unfunded
  }
}

interface Facts {
  published: boolean
  pot: PotView | null
  requests: readonly RequestView[]
  /** What each request's last draw lacked. */
  lacks: readonly (string | null)[]
  copies: readonly CopyStatus[]
  ending: number
  params: Params
  /** Who may be drawn to check a copy in this period; null when it is not known. */
  verifiers: number | null
}

function notes(facts: Facts): string[] {
  const { requests, lacks, copies, ending } = facts
  return [
    ...potNotes(facts),
    ...requests.map((request, i) => requestNote(request, lacks[i] ?? null)),
    ...(ending > 0 ? [`${ending} copies settle their last period and end`] : []),
    ...copies.flatMap(copyNotes),
    ...providerNotes(facts)
  ]
}

function potNotes({ published, pot, copies, requests }: Facts): string[] {
  if (!published) return ['the core is not published on this chain: pin it first']
  if (!pot || pot.balance === 0n) return ['the pot is empty: donate']
  const count = copies.length + requests.length
  if (pot.wanted <= count) return []
  return [`the pot wants ${pot.wanted} copies and can lock the cost of ${count}: donate more`]
}

function requestNote({ slot, attempt, seed, tree }: RequestView, lack: string | null): string {
  if (attempt === 0) return `slot ${slot} is drawn with seed ${seed}`
  const what = describeLack(lack, tree)
  return `slot ${slot} waits for ${what}: ${attempt} draws found too few, the next uses seed ${seed}`
}

function copyNotes({ copy, unfunded, faults }: CopyStatus): string[] {
  return [
    ...(unfunded > 0 ? [`copy ${copy} was not paid for ${unfunded} periods: donate`] : []),
    ...(faults > 0 ? [`copy ${copy} missed ${faults} proofs in a row`] : [])
  ]
}

function providerNotes({ copies, params, verifiers }: Facts): string[] {
  const said: string[] = []
  const isChecked = copies.some(copy => copy.proved !== null)
  if (isChecked && verifiers !== null && 2 * verifiers <= params.verifiers)
    said.push(
      `a check takes ${params.verifiers} verifiers and there are ${verifiers}: no period counts as served, and signers are not paid, until more than half are there`
    )
  const fresh = copies.filter(copy => copy.state === 'Active' && copy.pinnerPpm < 2 * params.floorPpm)
  if (fresh.length > 0)
    said.push(
      `new pinners (copy ${fresh.map(one => one.copy).join(', ')}) earn R of the price: R grows with each period proved and served`
    )
  return said
}
