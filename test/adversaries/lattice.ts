/** A short basis of an integer lattice: Lenstra, Lenstra and Lovász, in whole numbers (Cohen, algorithm 2.6.7). */
export function reduce(rows: readonly (readonly bigint[])[]): bigint[][] {
  return new Reduction(rows).run()
}

class Reduction {
  readonly #b: bigint[][]
  /** Determinants of the leading Gram matrices; d[0] = 1. */
  readonly #d: bigint[] = [1n]
  /** Gram-Schmidt coefficients times d. */
  readonly #m: bigint[][]

  constructor(rows: readonly (readonly bigint[])[]) {
    this.#b = rows.map(row => [...row])
    this.#m = rows.map(() => rows.map(() => 0n))
    for (let k = 0; k < rows.length; k++) this.#begin(k)
  }

  run(): bigint[][] {
    for (let k = 1; k < this.#b.length; ) {
      this.#shorten(k, k - 1)
      const m = this.#at(k, k - 1)
      if (4n * this.#det(k + 1) * this.#det(k - 1) < 3n * this.#det(k) ** 2n - 4n * m ** 2n) {
        this.#swap(k)
        k = Math.max(1, k - 1)
        continue
      }
      for (let l = k - 2; l >= 0; l--) this.#shorten(k, l)
      k += 1
    }
    return this.#b
  }

  #begin(k: number): void {
    for (let j = 0; j <= k; j++) {
      let u = dot(this.#row(k), this.#row(j))
      for (let i = 0; i < j; i++) u = (this.#det(i + 1) * u - this.#at(k, i) * this.#at(j, i)) / this.#det(i)
      if (j < k) this.#set(k, j, u)
      else this.#d[k + 1] = u
    }
  }

  #shorten(k: number, l: number): void {
    const d = this.#det(l + 1)
    const q = floor(2n * this.#at(k, l) + d, 2n * d)
    if (q === 0n) return
    const other = this.#row(l)
    this.#b[k] = this.#row(k).map((value, i) => value - q * (other[i] ?? 0n))
    this.#set(k, l, this.#at(k, l) - q * d)
    for (let i = 0; i < l; i++) this.#set(k, i, this.#at(k, i) - q * this.#at(l, i))
  }

  #swap(k: number): void {
    ;[this.#b[k], this.#b[k - 1]] = [this.#row(k - 1), this.#row(k)]
    for (let j = 0; j < k - 1; j++) {
      const value = this.#at(k, j)
      this.#set(k, j, this.#at(k - 1, j))
      this.#set(k - 1, j, value)
    }
    const m = this.#at(k, k - 1)
    const d = (this.#det(k - 1) * this.#det(k + 1) + m * m) / this.#det(k)
    for (let i = k + 1; i < this.#b.length; i++) {
      const t = this.#at(i, k)
      this.#set(i, k, (this.#det(k + 1) * this.#at(i, k - 1) - m * t) / this.#det(k))
      this.#set(i, k - 1, (d * t + m * this.#at(i, k)) / this.#det(k + 1))
    }
    this.#d[k] = d
  }

  #row(k: number): bigint[] {
    return this.#b[k] ?? []
  }

  #det(k: number): bigint {
    return this.#d[k] ?? 1n
  }

  #at(k: number, j: number): bigint {
    return this.#m[k]?.[j] ?? 0n
  }

  #set(k: number, j: number, value: bigint): void {
    const row = this.#m[k]
    if (row !== undefined) row[j] = value
  }
}

function dot(a: readonly bigint[], b: readonly bigint[]): bigint {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0n), 0n)
}

/** Rounded down, for a positive divisor. */
function floor(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor
  return value % divisor < 0n ? quotient - 1n : quotient
}
