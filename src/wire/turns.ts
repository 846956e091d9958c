interface Waiting {
  asker: object
  amount: number
  /** What it will have had then: the least is next. */
  due: number
  begin: () => void
}

/**
 * Lets all askers together have `perSecond`, and as much at once. While they want more, whoever would have the least is next:
 * one that asks for `n` waits for no more than `n` of each other, whatever those ask for.
 */
export class Turns {
  readonly #perSecond: number
  readonly #now: () => number
  readonly #waiting = new Map<object, Waiting>()
  /** Of each asker since somebody had to wait; before, nothing was short. */
  #had = new WeakMap<object, number>()
  /** When what was taken is paid for: the next may begin. */
  #paidAt = Number.NEGATIVE_INFINITY
  #timer: NodeJS.Timeout | undefined

  /** `now` in milliseconds that only grow. */
  constructor(perSecond: number, now: () => number) {
    this.#perSecond = perSecond
    this.#now = now
  }

  /** Resolves when it is the asker's turn, or when it leaves; an asker waits for one turn at a time. */
  take(asker: object, amount: number): Promise<void> {
    return new Promise(begin => {
      this.#waiting.set(asker, { asker, amount, due: this.#hadBy(asker) + amount, begin })
      this.#serve()
    })
  }

  /** Waits no longer; it may never have. */
  leave(asker: object): void {
    this.#waiting.get(asker)?.begin()
    this.#waiting.delete(asker)
    if (this.#waiting.size === 0) clearTimeout(this.#timer)
  }

  #serve(): void {
    clearTimeout(this.#timer)
    const now = this.#now()
    this.#paidAt = Math.max(this.#paidAt, now - 1_000)
    let next = this.#next()
    for (; next && this.#paidAt <= now; next = this.#next()) {
      this.#paidAt += (next.amount / this.#perSecond) * 1_000
      this.#had.set(next.asker, next.due)
      this.leave(next.asker)
    }
    if (next) this.#timer = setTimeout(() => this.#serve(), this.#paidAt - now)
  }

  #next(): Waiting | undefined {
    let next: Waiting | undefined
    for (const one of this.#waiting.values()) if (next === undefined || one.due < next.due) next = one
    return next
  }

  /** Who comes now counts as no poorer than the poorest that waits, who would have to wait for it else. */
  #hadBy(asker: object): number {
    if (this.#waiting.size === 0) this.#had = new WeakMap()
    const waiting = Array.from(this.#waiting.values(), ({ due, amount }) => due - amount)
    return Math.max(this.#had.get(asker) ?? 0, waiting.length === 0 ? 0 : Math.min(...waiting))
  }
}
