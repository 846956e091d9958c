import { readU64, u64 } from './bytes.ts'
import { ds, type Hash } from './hashing.ts'
import { isVerifierSlot } from './periods.ts'

/** Tries of one draw (protocol.md 9.1). */
export const DRAW_TRIES = 64
/** The span in a pinner's draw. */
export const NO_SPAN = 2n ** 64n - 1n
/** Acceptance numbers lie below this: parts per million. */
export const PPM = 1_000_000

/** The accumulator after a block whose VRF output (or parent hash) is `input` (protocol.md 9.1). */
export function accumulate(hash: Hash, acc: Uint8Array, input: Uint8Array): Uint8Array {
  return hash(ds('acc'), acc, input)
}

/** The value of seed s. */
export function seedValue(hash: Hash, acc: Uint8Array, s: number): Uint8Array {
  return hash(ds('seed'), acc, u64(s))
}

/** What fixes a draw of a provider: role byte 0 signer, 1 pinner; span is the number in the copy, NO_SPAN for the pinner. */
export interface DrawInput {
  value: Uint8Array
  role: 0 | 1
  coreKey: Uint8Array
  requestId: bigint
  slot: number
  attempt: number
  span: bigint
}

/** Candidate and acceptance number (ppm) of one try among `candidates` role slots. */
export function drawTry(
  hash: Hash,
  { value, role, coreKey, requestId, slot, attempt, span }: DrawInput,
  candidates: number,
  attemptNumber: number
): { index: number; accept: number } {
  const numbers = [requestId, slot, attempt, span, attemptNumber].map(number => u64(number))
  const h = hash(ds('draw'), value, Uint8Array.of(role), coreKey, ...numbers)
  return { index: Number(readU64(h) % BigInt(candidates)), accept: Number(readU64(h, 8) % BigInt(PPM)) }
}

/** True when a candidate of reputation `ppm` is taken by its acceptance number: newcomers get work too. */
export function isAccepted(accept: number, ppm: number, floorPpm: number): boolean {
  return accept < Math.max(ppm, floorPpm)
}

/** The first candidate that `accepts` takes, or null: as the chain draws, given the chain's rules of acceptance. */
export function drawProvider(
  hash: Hash,
  input: DrawInput,
  candidates: number,
  accepts: (index: number, accept: number, attemptNumber: number) => boolean
): number | null {
  if (candidates === 0) return null
  for (let attemptNumber = 0; attemptNumber < DRAW_TRIES; attemptNumber++) {
    const { index, accept } = drawTry(hash, input, candidates, attemptNumber)
    if (accepts(index, accept, attemptNumber)) return index
  }
  return null
}

/** The seed of period p from the newest usable seed value at its start. */
export function periodSeed(hash: Hash, value: Uint8Array, period: number): Uint8Array {
  return hash(ds('period'), value, u64(period))
}

/** Candidate of try `attemptNumber` for verifier j of a copy's check. */
export function checkTry(
  hash: Hash,
  seed: Uint8Array,
  copyId: bigint,
  j: number,
  attemptNumber: number,
  candidates: number
): number {
  const h = hash(ds('check'), seed, u64(copyId), u64(j), u64(attemptNumber))
  return Number(readU64(h) % BigInt(candidates))
}

/** A verifier's role slot as the chain holds it; `until` null while it has not ended. */
export interface CheckCandidate {
  account: string
  since: number
  until: number | null
}

/** What fixes the verifiers of (copy, p); `candidates` is the verifier count stored for p - 1. */
export interface CheckInput {
  seed: Uint8Array
  copyId: bigint
  period: number
  periodLength: number
  verifiers: number
  candidates: number
  /** The copy's pinner and signers. */
  excluded: ReadonlySet<string>
}

/** Accounts drawn to check a copy in a period, in order; fewer than asked when too few qualify (protocol.md 9.1). */
export function drawVerifiers(
  hash: Hash,
  input: CheckInput,
  slot: (index: number) => CheckCandidate | null
): string[] {
  const { seed, copyId, period, periodLength, verifiers, candidates, excluded } = input
  const drawn: string[] = []
  if (candidates === 0) return drawn
  const accepts = (candidate: CheckCandidate | null): candidate is CheckCandidate =>
    candidate !== null &&
    isVerifierSlot(period, candidate, periodLength) &&
    !excluded.has(candidate.account) &&
    !drawn.includes(candidate.account)
  for (let j = 0; j < verifiers; j++)
    for (let attemptNumber = 0; attemptNumber < DRAW_TRIES; attemptNumber++) {
      const candidate = slot(checkTry(hash, seed, copyId, j, attemptNumber, candidates))
      if (!accepts(candidate)) continue
      drawn.push(candidate.account)
      break
    }
  return drawn
}

/** The beacon in the salt of a span; `spanNumber` counts in the copy from 0 (protocol.md 9.1). */
export function saltBeacon(
  hash: Hash,
  input: { value: Uint8Array; coreKey: Uint8Array; requestId: bigint; slot: number; spanNumber: number }
): Uint8Array {
  const { value, coreKey, requestId, slot, spanNumber } = input
  return hash(ds('salt-beacon'), value, coreKey, u64(requestId), u64(slot), u64(spanNumber))
}
