import { DatdotError } from '../domain/errors.ts'

/** A hard limit in bytes on what is kept: named reservations, made before the bytes come. */
export class Quota {
  readonly capacity: number
  readonly #reserved = new Map<string, number>()
  #used = 0

  constructor(capacityBytes: number) {
    this.capacity = capacityBytes
  }

  /** Bytes reserved now. */
  get used(): number {
    return this.#used
  }

  /** Bytes that can still be reserved; 0 also when a lowered capacity is exceeded. */
  get free(): number {
    return Math.max(0, this.capacity - this.#used)
  }

  /** Bytes reserved under a name. */
  of(name: string): number {
    return this.#reserved.get(name) ?? 0
  }

  /** Sets a name's reservation; throws CAPACITY_FULL and changes nothing when it would grow past the capacity. */
  reserve(name: string, bytes: number): void {
    const growth = bytes - this.of(name)
    if (growth > this.free) {
      const details = { name, bytes, free: this.free, capacity: this.capacity }
      throw new DatdotError(
        'CAPACITY_FULL',
        `${bytes} bytes do not fit into ${this.free} free of ${this.capacity}`,
        { details }
      )
    }
    this.restore(name, bytes)
  }

  /** Sets a reservation for what lies on the disk already, also past the capacity. */
  restore(name: string, bytes: number): void {
    if (!Number.isSafeInteger(bytes) || bytes < 0)
      throw new DatdotError('BAD_ARGUMENT', `${bytes} is not a size`)
    this.#used += bytes - this.of(name)
    this.#reserved.set(name, bytes)
  }

  /** Gives a reservation back; nothing happens when there is none. */
  release(name: string): void {
    this.#used -= this.of(name)
    this.#reserved.delete(name)
  }
}
