import { toHex } from '../domain/bytes.ts'
import { type Call, DECLINE_REASONS } from '../domain/calls.ts'
import { DatdotError } from '../domain/errors.ts'
import { PROVIDER_ROLES, type ProviderRole } from '../domain/ids.ts'
import type { LeafProof, SpanProof } from '../domain/proofs.ts'
import type { TreeFacts } from '../domain/publish.ts'
import { type Evidence, OUTCOMES, type Report } from '../domain/reports.ts'
import type { Params } from '../domain/view.ts'
import type { Runtime } from './runtime.ts'

const U8 = 2n ** 8n - 1n
const U16 = 2n ** 16n - 1n
const U32 = 2n ** 32n - 1n
const U64 = 2n ** 64n - 1n
const U128 = 2n ** 128n - 1n
const SAFE = 2n ** 53n - 1n
/** Bounds of protocol.md 9.8 and 9.9. */
const MAX_MANIFEST = 1024
const MAX_PEAKS = 53
const MAX_CUTS = 63
const MAX_STEPS = 40
const MAX_SPAN_PROOFS = 64
const MAX_LEAVES = 64
const LEAF_BYTES = 1024

type Arguments = Record<string, unknown>
type Encoder<C extends Call['call']> = (call: Extract<Call, { call: C }>, runtime: Runtime) => Uint8Array

function refuse(what: string): DatdotError {
  return new DatdotError('BAD_ARGUMENT', `${what} does not fit the chain's call`)
}

/** @polkadot takes a Uint8Array for SCALE, where that has a length prefix or an option's byte; hex is the value itself. */
function hex(value: Uint8Array): string {
  return `0x${toHex(value)}`
}

function int(what: string, value: bigint | number, most: bigint): string {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw refuse(what)
  if (BigInt(value) < 0n || BigInt(value) > most) throw refuse(what)
  return value.toString()
}

function bytes(what: string, value: Uint8Array, length: number): string {
  if (value.length !== length) throw refuse(what)
  return hex(value)
}

function atMost<T extends { readonly length: number }>(what: string, value: T, most: number): T {
  if (value.length > most) throw refuse(what)
  return value
}

function hash(what: string, value: string): string {
  if (!/^[0-9a-f]{64}$/.test(value)) throw refuse(what)
  return `0x${value}`
}

function roleBits(roles: readonly ProviderRole[]): number {
  return roles.reduce((bits, role) => bits | (1 << PROVIDER_ROLES.indexOf(role)), 0)
}

function tree({ identity, fork, length, peaks, signature, cuts }: TreeFacts): Arguments {
  return {
    identity:
      'manifest' in identity
        ? { Manifest: hex(atMost('the manifest', identity.manifest, MAX_MANIFEST)) }
        : { Compat: bytes('the key', identity.key, 32) },
    fork: int('the fork', fork, SAFE),
    length: int('the length', length, SAFE),
    peaks: atMost('the number of peaks', peaks, MAX_PEAKS).map(peak => ({
      size: int("a peak's size", peak.size, U64),
      hash: bytes("a peak's hash", peak.hash, 32)
    })),
    signature: bytes('the signature', signature, 64),
    cuts: atMost('the number of cuts', cuts, MAX_CUTS).map(steps =>
      atMost('an offset proof', steps, MAX_STEPS).map(step => ({
        leftSize: int('a left size', step.leftSize, U64),
        left: bytes('a left hash', step.left, 32),
        right: bytes('a right hash', step.right, 32),
        open: step.open?.map(half => bytes('an opened hash', half, 32)) ?? null
      }))
    )
  }
}

function hashes(what: string, list: readonly Uint8Array[]): string[] {
  return atMost(what, list, MAX_PEAKS).map(item => bytes(what, item, 32))
}

function leaf({ data, path }: LeafProof): Arguments {
  return { data: hex(atMost("a leaf's data", data, LEAF_BYTES)), path: hashes("a leaf's path", path) }
}

function spanProof({ peaks, leaves }: SpanProof): Arguments {
  return {
    peaks: hashes('the peaks', peaks),
    leaves: atMost('the number of leaves', leaves, MAX_LEAVES).map(leaf)
  }
}

function evidence(value: Evidence): Arguments | string {
  if (value.kind === 'None') return 'None'
  const shared = { peaks: hashes('the peaks', value.peaks), leaf: leaf(value.leaf) }
  if (value.kind === 'Served')
    return { Served: { receipt: bytes('the receipt', value.receipt, 64), ...shared } }
  return {
    WrongReplica: {
      span: int('the span', value.span, U16),
      index: int('the leaf', value.index, U64),
      ...shared
    }
  }
}

function reportArguments(report: Report): Arguments {
  return {
    outcome: OUTCOMES.indexOf(report.outcome),
    ttfbMs: int('the time to first byte', report.ttfbMs, U32),
    kibPerS: int('the throughput', report.kibPerS, U32),
    blocks: int('the number of blocks', report.blocks, U16),
    bytes: int('the number of bytes', report.bytes, U32),
    digest: bytes('the digest', report.digest, 32),
    evidence: evidence(report.evidence)
  }
}

function params(value: Params): Arguments {
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, int(`the parameter ${name}`, item, U128)])
  )
}

const id = (what: string, value: bigint) => int(what, value, U64)
const period = (value: number) => int('the period', value, U32)

const ENCODERS: { [C in Call['call']]: Encoder<C> } = {
  register: ({ roles, noiseKey, proof, capacity }, runtime) =>
    runtime.call('datdot', 'register', {
      roles: roleBits(roles),
      noiseKey: hash('the noise key', noiseKey),
      proof: bytes('the proof', proof, 64),
      capacity: int('the capacity', capacity, U64)
    }),
  updateProvider: ({ roles, capacity, paused, payout }, runtime) =>
    runtime.call('datdot', 'updateProvider', {
      roles: roleBits(roles),
      capacity: int('the capacity', capacity, U64),
      paused,
      payout: payout === null ? null : hash('the payout account', payout)
    }),
  deregister: (_, runtime) => runtime.call('datdot', 'deregister', {}),
  publish: ({ facts }, runtime) => runtime.call('datdot', 'publish', tree(facts)),
  donate: ({ core, amount, wish }, runtime) =>
    runtime.call('datdot', 'donate', {
      core: hash('the core', core),
      amount: int('the amount', amount, U128),
      wish: int('the wish', wish, U8)
    }),
  reclaim: ({ core }, runtime) => runtime.call('datdot', 'reclaim', { core: hash('the core', core) }),
  setWish: ({ core, wish }, runtime) =>
    runtime.call('datdot', 'setWish', { core: hash('the core', core), wish: int('the wish', wish, U8) }),
  assign: ({ core }, runtime) => runtime.call('datdot', 'assign', { core: hash('the core', core) }),
  commitKey: ({ span, e, modulus }, runtime) =>
    runtime.call('datdot', 'commitKey', {
      span: id('the span', span),
      e: int('the exponent', e, U32),
      modulus: bytes('the modulus', modulus, 256)
    }),
  seal: ({ span, root, cells, signature }, runtime) =>
    runtime.call('datdot', 'seal', {
      span: id('the span', span),
      root: bytes('the root', root, 32),
      cells: int('the number of cells', cells, U64),
      signerSignature: bytes('the signature', signature, 64)
    }),
  prove: ({ copy, period: p, proofs }, runtime) =>
    runtime.call('datdot', 'prove', {
      copy: id('the copy', copy),
      period: period(p),
      proofs: atMost('the number of span proofs', proofs, MAX_SPAN_PROOFS).map(spanProof)
    }),
  report: ({ copy, period: p, report }, runtime) =>
    runtime.call('datdot', 'report', {
      copy: id('the copy', copy),
      period: period(p),
      report: reportArguments(report)
    }),
  settle: ({ copy, limit }, runtime) =>
    runtime.call('datdot', 'settle', { copy: id('the copy', copy), limit: int('the limit', limit, U32) }),
  expire: ({ span }, runtime) => runtime.call('datdot', 'expire', { span: id('the span', span) }),
  decline: ({ target, reason }, runtime) =>
    runtime.call('datdot', 'decline', {
      duty: 'span' in target ? { Span: id('the span', target.span) } : { Copy: id('the copy', target.copy) },
      reason: DECLINE_REASONS.indexOf(reason)
    }),
  reap: ({ core }, runtime) => runtime.call('datdot', 'reap', { core: hash('the core', core) }),
  setParams: ({ params: value }, runtime) =>
    runtime.call('sudo', 'sudo', { call: runtime.call('datdot', 'setParams', { params: params(value) }) }),
  transfer: ({ to, amount }, runtime) =>
    runtime.call('balances', 'transferKeepAlive', {
      dest: { Id: hash('the account', to) },
      value: int('the amount', amount, U128)
    })
}

/** SCALE bytes of a call; throws BAD_ARGUMENT for a value outside the bounds of protocol.md 9.8 and 9.9. */
export function encodeCall(call: Call, runtime: Runtime): Uint8Array {
  const encode = ENCODERS[call.call] as Encoder<Call['call']>
  return encode(call as never, runtime)
}
