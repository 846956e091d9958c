import type { ChainEvent } from '../domain/chain-events.ts'
import { OUTCOMES } from '../domain/reports.ts'
import { type Plain, type Reader, Variant } from './plain.ts'
import type { RawEvent, Runtime } from './runtime.ts'
import { readRole } from './views.ts'

type Read = (data: Reader) => ChainEvent

const copyAndPeriod = (data: Reader) => ({
  copy: data.field('copy').bigint(),
  period: data.field('period').number()
})

/** What each event of the pallet becomes; those that are not here become `Other`. */
const READERS: Record<string, Read> = {
  CorePublished: data => ({
    event: 'CorePublished',
    core: data.field('core').hex32(),
    fork: data.field('fork').bigint(),
    length: data.field('length').number(),
    byteLength: data.field('byteLength').number()
  }),
  Donated: data => ({
    event: 'Donated',
    core: data.field('core').hex32(),
    who: data.field('who').hex32(),
    amount: data.field('amount').bigint(),
    shares: data.field('shares').bigint()
  }),
  Reclaimed: data => ({
    event: 'Reclaimed',
    core: data.field('core').hex32(),
    who: data.field('who').hex32(),
    amount: data.field('amount').bigint()
  }),
  CopyAssigned: data => ({
    event: 'CopyAssigned',
    copy: data.field('copy').bigint(),
    core: data.field('core').hex32(),
    slot: data.field('slot').number(),
    request: data.field('request').bigint(),
    pinner: data.field('pinner').hex32(),
    spans: data.field('spans').list(span => span.bigint())
  }),
  SpanKeyed: data => ({
    event: 'SpanKeyed',
    span: data.field('span').bigint(),
    tag: data.field('tag').bytes(32)
  }),
  SpanSealed: data => ({
    event: 'SpanSealed',
    span: data.field('span').bigint(),
    root: data.field('root').bytes(32),
    cells: data.field('cells').number()
  }),
  CopyActive: data => ({
    event: 'CopyActive',
    copy: data.field('copy').bigint(),
    firstPeriod: data.field('firstPeriod').number()
  }),
  CopyEnded: data => ({
    event: 'CopyEnded',
    copy: data.field('copy').bigint(),
    reason: data.field('reason').variant().name
  }),
  Proved: data => ({ event: 'Proved', ...copyAndPeriod(data) }),
  Reported: data => ({
    event: 'Reported',
    ...copyAndPeriod(data),
    verifier: data.field('verifier').hex32(),
    outcome: data.field('outcome').oneOf(OUTCOMES)
  }),
  Settled: data => ({
    event: 'Settled',
    ...copyAndPeriod(data),
    proved: data.field('proved').boolean(),
    verdict: data.field('verdict').maybe(verdict => verdict.oneOf(['Served', 'Failed'] as const)),
    r: data.field('r').number(),
    minted: data.field('minted').bigint(),
    burned: data.field('burned').bigint()
  }),
  Paid: data => ({
    event: 'Paid',
    ...copyAndPeriod(data),
    who: data.field('who').hex32(),
    role: readRole(data.field('role')),
    amount: data.field('amount').bigint()
  }),
  ReputationChanged: data => ({
    event: 'ReputationChanged',
    who: data.field('who').hex32(),
    role: readRole(data.field('role')),
    period: data.field('period').number(),
    alpha: data.field('alpha').bigint(),
    beta: data.field('beta').bigint(),
    dAlpha: data.field('dAlpha').bigint(),
    dBeta: data.field('dBeta').bigint()
  }),
  DrawFailed: data => ({
    event: 'DrawFailed',
    core: data.field('core').hex32(),
    slot: data.field('slot').number(),
    missing: data.field('missing').variant().name
  }),
  SeedStored: data => ({
    event: 'SeedStored',
    s: data.field('s').number(),
    vrfs: data.field('vrfs').number()
  })
}

/** Plain data for logs and views: enums become their name, or { name: content } when they hold something. */
function open(value: Plain): unknown {
  if (value instanceof Variant) return value.value === null ? value.name : { [value.name]: open(value.value) }
  if (Array.isArray(value)) return value.map(open)
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, open(item)]))
}

function other(raw: RawEvent): ChainEvent {
  const data = open(raw.data.value)
  const isStruct = typeof data === 'object' && data !== null && !Array.isArray(data)
  return { event: 'Other', name: raw.name, data: isStruct ? (data as Record<string, unknown>) : { data } }
}

/** The pallet's events of a block in order, and each call that failed; what other pallets say is left out. */
export function readEvents(raw: readonly RawEvent[], runtime: Runtime): ChainEvent[] {
  return raw.flatMap((item): ChainEvent[] => {
    if (item.pallet === 'datdot') return [(READERS[item.name] ?? (() => other(item)))(item.data)]
    if (item.pallet !== 'system' || item.name !== 'ExtrinsicFailed' || item.extrinsic === null) return []
    const { pallet, name } = runtime.failure(item.data.field('dispatchError'))
    return [{ event: 'CallFailed', extrinsic: item.extrinsic, pallet, name }]
  })
}
