import { DatdotError, isDatdotError } from '../src/domain/errors.ts'
import type { Height } from '../src/domain/ids.ts'
import type { CopyBook } from './copies.ts'
import { isChainAway } from './refusals.ts'
import type { CopyReader, Head, RoleContext } from './role.ts'
import { type Duty, Runner, warningOf } from './runner.ts'

/** The newest finalized height that this node acted on, kept across restarts. */
export interface Cursor {
  get(): Promise<Height | null>
  put(height: Height): Promise<void>
}

export interface LoopParts {
  context: RoleContext
  chain: Pick<CopyReader, 'heads' | 'finalized'>
  book: CopyBook
  cursor: Cursor
  /** What is due at a height; asked again at each head and after each duty that ended. */
  decide(height: Height): Duty[]
}

/** Heads that a decision may be behind the newest finalized block: it goes on growing while one is made. */
const MOST_BEHIND = 2

/** Follows the finalized chain and performs what is due until the signal aborts; throws when the chain is the wrong one. */
export async function follow(parts: LoopParts, signal: AbortSignal): Promise<void> {
  const { context, chain } = parts
  const failure = new AbortController()
  let height: Height = 0
  // What is due at an old height is over by now; and copies are read as they are at the newest.
  const isBehind = () => height + MOST_BEHIND < chain.finalized()
  const decide = () => {
    if (!isBehind()) runner.update(height, parts.decide(height))
  }
  const runner = new Runner(context.emit, () => guarded(decide, failure))
  try {
    for await (const head of readHeads(parts, AbortSignal.any([signal, failure.signal]), signal)) {
      height = head.height
      context.emit({ type: 'height', height })
      tellPayments(context, head)
      decide()
      await note(parts, height)
    }
    failure.signal.throwIfAborted()
    if (!signal.aborted) throw new DatdotError('CHAIN_UNREACHABLE', 'the chain gives no more blocks')
  } finally {
    await runner.close()
  }
}

/** An error in a decision ends the role, also when a duty's end has led to it. */
function guarded(decide: () => void, failure: AbortController): void {
  try {
    decide()
  } catch (error) {
    failure.abort(error)
  }
}

/** The heads that the book is kept up with: none before what this node has seen already. */
async function* readHeads(parts: LoopParts, signal: AbortSignal, closing: AbortSignal): AsyncGenerator<Head> {
  const seen = (await parts.cursor.get()) ?? 0
  let loadedAt: Height | null = null
  for await (const head of parts.chain.heads(signal)) {
    if (head.height < seen) {
      // An older state must not be taken for the end of copies that it does not know yet.
      const reason = `the chain to reach block ${seen}, it is at ${head.height}`
      parts.context.emit({ type: 'waiting', for: reason })
      continue
    }
    loadedAt = await keepUp(parts, head, loadedAt, closing)
    if (loadedAt !== null) yield head
  }
}

/** Another try comes with the next head. */
async function note({ cursor, context }: LoopParts, height: Height): Promise<void> {
  try {
    await cursor.put(height)
  } catch (error) {
    if (!isDatdotError(error, 'DISK_FULL')) throw error
    context.emit(warningOf(`noting block ${height}`, error))
  }
}

/** The height from which on the book knows all; null when the chain could not be read, and the book must be read as a whole. */
async function keepUp(
  parts: LoopParts,
  head: Head,
  loadedAt: Height | null,
  closing: AbortSignal
): Promise<Height | null> {
  const { context, chain, book } = parts
  // What a block without events did to the copies shows only in all of them.
  const isLost = loadedAt === null || (head.pruned && head.height > loadedAt)
  try {
    if (isLost) {
      const finalized = chain.finalized()
      await book.load()
      return finalized
    }
    for (const { id, coreKey, slot, state, reason } of await book.apply(head))
      context.emit({ type: 'copy', copy: id, core: coreKey, slot, state, reason })
    return loadedAt
  } catch (error) {
    if (closing.aborted && isDatdotError(error, 'ABORTED')) return null
    if (!isChainAway(error)) throw error
    context.emit(warningOf(`reading block ${head.height}`, error))
    return null
  }
}

function tellPayments({ identity, emit }: RoleContext, head: Head): void {
  for (const event of head.events) {
    if (event.event !== 'Paid' || event.who !== identity.account) continue
    const { copy, period, role, amount } = event
    emit({ type: 'payment', copy, period, role, amount })
  }
}
