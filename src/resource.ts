import { DatdotError } from './domain/errors.ts'

/** Anything with a lifetime that ends by `close()`, which is idempotent. */
export interface Closable {
  close(): Promise<void> | void
}

/**
 * Base of everything with a lifetime: `ready()` and `close()` are idempotent, concurrent calls share one
 * promise, and children given to `own()` are closed in reverse order, also when opening fails.
 */
export abstract class Resource {
  #opening: Promise<void> | undefined
  #closing: Promise<void> | undefined
  #tearing: Promise<void> | undefined
  #opened = false
  #closed = false
  readonly #children: Closable[] = []

  /** Opens once; rejects with ABORTED after `close()`, and with the cause when opening failed. */
  ready(): Promise<void> {
    if (!this.#opening) {
      this.#opening = this.#closing
        ? Promise.reject(new DatdotError('ABORTED', `${this.constructor.name} is closed`))
        : this.#runOpen()
    }
    return this.#opening
  }

  /** Waits for an opening under way, closes this and then its children; every call gives the same promise. */
  close(): Promise<void> {
    this.#closing ??= this.#runClose()
    return this.#closing
  }

  /** True from the first call of `close()` on: long work checks it after each await. */
  get closing(): boolean {
    return this.#closing !== undefined
  }

  get opened(): boolean {
    return this.#opened
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Hands over a child: it is closed after this, in the reverse of the order given. */
  protected own<T extends Closable>(child: T): T {
    this.#children.push(child)
    return child
  }

  /** What opening does; children made here go through `own()`. */
  protected onOpen(): Promise<void> | void {}

  /** What closing does before the children are closed; called once, also after a failed opening. */
  protected onClose(): Promise<void> | void {}

  async #runOpen(): Promise<void> {
    try {
      await this.onOpen()
      this.#opened = true
    } catch (error) {
      const tearing = this.#tearDown()
      this.#closing ??= tearing
      await Promise.allSettled([tearing])
      throw error
    }
  }

  async #runClose(): Promise<void> {
    if (this.#opening) await Promise.allSettled([this.#opening])
    await this.#tearDown()
  }

  #tearDown(): Promise<void> {
    this.#tearing ??= this.#closeAll()
    return this.#tearing
  }

  async #closeAll(): Promise<void> {
    const failures: unknown[] = []
    for (const close of [
      () => this.onClose(),
      ...this.#children.reverse().map(child => () => child.close())
    ]) {
      try {
        await close()
      } catch (error) {
        failures.push(error)
      }
    }
    this.#children.length = 0
    this.#closed = true
    if (failures.length === 1) throw failures[0]
    if (failures.length > 1)
      throw new AggregateError(failures, `${this.constructor.name} did not close cleanly`)
  }
}
