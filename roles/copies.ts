import type { ChainEvent } from '../src/domain/chain-events.ts'
import type { CopyId, SpanId } from '../src/domain/ids.ts'
import type { CopyView } from '../src/domain/view.ts'
import type { CopyReader, Head } from './role.ts'

/** The copies that concern a role, read once and kept up with the events of each finalized head. */
export class CopyBook {
  readonly #reader: Pick<CopyReader, 'copies' | 'copy'>
  readonly #concerns: (copy: CopyView) => boolean
  readonly #copies = new Map<CopyId, CopyView>()
  readonly #copyOfSpan = new Map<SpanId, CopyId>()

  constructor(reader: Pick<CopyReader, 'copies' | 'copy'>, concerns: (copy: CopyView) => boolean) {
    this.#reader = reader
    this.#concerns = concerns
  }

  get copies(): readonly CopyView[] {
    return [...this.#copies.values()]
  }

  /** Reads all that the reader gives; what was known before and is not among them is forgotten. */
  async load(): Promise<void> {
    const known = new Set(this.#copies.keys())
    for await (const copy of this.#reader.copies()) {
      this.#keep(copy)
      known.delete(copy.id)
    }
    for (const id of known) this.forget(id)
  }

  /** Reads again the copies that the head's events touch; returns those that concern the role, or did until now. */
  async apply(head: Head): Promise<CopyView[]> {
    const touched = new Set<CopyId>()
    for (const event of head.events) {
      const id = this.#touches(event)
      if (id !== undefined) touched.add(id)
    }
    const changed: CopyView[] = []
    for (const id of touched) {
      const copy = await this.#reader.copy(id)
      const wasKnown = this.#copies.has(id)
      if (copy === null) this.forget(id)
      else if (this.#keep(copy) || wasKnown) changed.push(copy)
    }
    return changed
  }

  /** Drops a copy that no longer matters. */
  forget(id: CopyId): void {
    for (const span of this.#copies.get(id)?.spans ?? []) this.#copyOfSpan.delete(span.id)
    this.#copies.delete(id)
  }

  #keep(copy: CopyView): boolean {
    if (!this.#concerns(copy)) {
      this.forget(copy.id)
      return false
    }
    this.#copies.set(copy.id, copy)
    for (const span of copy.spans) this.#copyOfSpan.set(span.id, copy.id)
    return true
  }

  #touches(event: ChainEvent): CopyId | undefined {
    switch (event.event) {
      case 'CopyAssigned':
      case 'CopyActive':
        return event.copy
      case 'CopyEnded':
      case 'Settled':
        return this.#copies.has(event.copy) ? event.copy : undefined
      case 'SpanKeyed':
      case 'SpanSealed':
        return this.#copyOfSpan.get(event.span)
      default:
        return undefined
    }
  }
}
