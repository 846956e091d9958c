import type { ChainEvent } from '../../domain/chain-events.ts'
import type { CopyId, Period } from '../../domain/ids.ts'
import type { CopyState } from '../../domain/states.ts'

/** What one period of all copies cost. */
export interface SettledPeriod {
  period: Period
  copies: number
  proved: number
  served: number
  minted: bigint
  burned: bigint
}

/** Adds up settlements by period. */
export class Ledger {
  readonly #periods = new Map<Period, SettledPeriod>()
  readonly #active = new Set<CopyId>()

  take(events: readonly ChainEvent[]): void {
    for (const event of events) {
      if (event.event === 'CopyActive') this.#active.add(event.copy)
      if (event.event === 'CopyEnded') this.#active.delete(event.copy)
      if (event.event === 'Settled') this.#settle(event)
    }
  }

  /** Takes how copies stand: a network that is started again has some from before. */
  stand(copies: readonly { copy: CopyId; state: CopyState }[]): void {
    for (const { copy, state } of copies) if (state === 'Active') this.#active.add(copy)
  }

  /** Copies that are active now. */
  get active(): number {
    return this.#active.size
  }

  /** Settled periods in order. */
  get periods(): SettledPeriod[] {
    return [...this.#periods.values()].sort((a, b) => a.period - b.period)
  }

  /** Periods that are settled for at least so many copies, each of them proved and served. */
  whole(copies: number): number {
    return this.periods.filter(one => one.copies >= copies && one.proved >= copies && one.served >= copies)
      .length
  }

  #settle(event: Extract<ChainEvent, { event: 'Settled' }>): void {
    const { period, proved, verdict, minted, burned } = event
    const sum = this.#periods.get(period) ?? {
      period,
      copies: 0,
      proved: 0,
      served: 0,
      minted: 0n,
      burned: 0n
    }
    sum.copies += 1
    sum.proved += proved ? 1 : 0
    sum.served += verdict === 'Served' ? 1 : 0
    sum.minted += minted
    sum.burned += burned
    this.#periods.set(period, sum)
  }
}
