import { bigFromBytes, bytesFromBig } from '../../src/domain/bytes.ts'
import { CELL_BYTES } from '../../src/domain/leaves.ts'
import { reduce } from './lattice.ts'

/** Bytes of each cell that it leaves out: below a sixth of the modulus, so that one small lattice is enough. */
export const LEFT_OUT = 40

/** Keeps the upper part of a cell only. */
export function truncate(cell: Uint8Array): Uint8Array {
  return cell.slice(0, CELL_BYTES - LEFT_OUT)
}

/**
 * Coppersmith's attack: the rest of a cell c is the small root of (kept·2^k + x)³ = y mod N, where y is public. A short
 * vector of the lattice of polynomials with this root mod N is a polynomial that has it over the integers too.
 */
export function complete(kept: Uint8Array, y: Uint8Array, N: Uint8Array): Uint8Array | null {
  const n = bigFromBytes(N)
  const bound = 1n << BigInt(8 * LEFT_OUT)
  const high = bigFromBytes(kept) * bound
  const modN = (value: bigint) => ((value % n) + n) % n
  // Multiplied by powers of the bound, so that its length is about its values there.
  const rows = [
    [n, 0n, 0n, 0n],
    [0n, n * bound, 0n, 0n],
    [0n, 0n, n * bound ** 2n, 0n],
    [
      modN(high ** 3n - bigFromBytes(y)),
      modN(3n * high ** 2n) * bound,
      modN(3n * high) * bound ** 2n,
      bound ** 3n
    ]
  ]
  const [short = []] = reduce(rows)
  const polynomial = short.map((value, power) => value / bound ** BigInt(power))
  const root = roots(polynomial, 0n, bound).find(x => ((high + x) ** 3n - bigFromBytes(y)) % n === 0n)
  return root === undefined ? null : bytesFromBig(high + root, CELL_BYTES)
}

/** Integers in [low, high] around which a polynomial changes its sign: between the roots of its derivative it is monotone. */
function roots(polynomial: readonly bigint[], low: bigint, high: bigint): bigint[] {
  if (polynomial.length < 2) return []
  const slope = polynomial.slice(1).map((value, power) => value * BigInt(power + 1))
  const ends = [low, ...roots(slope, low, high), high]
  return ends.slice(1).flatMap((end, i) => crossing(polynomial, ends[i] ?? low, end))
}

function crossing(polynomial: readonly bigint[], from: bigint, to: bigint): bigint[] {
  const isAbove = (x: bigint) => polynomial.reduceRight((sum, value) => sum * x + value, 0n) >= 0n
  const side = isAbove(from)
  if (isAbove(to) === side) return []
  let [near, far] = [from, to]
  while (far - near > 1n) {
    const middle = (near + far) / 2n
    if (isAbove(middle) === side) near = middle
    else far = middle
  }
  return [near, far]
}
