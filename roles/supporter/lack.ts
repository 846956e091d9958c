import type { Head } from '../../src/chain-client/types.ts'
import { formatBytes } from '../../src/domain/amounts.ts'
import { isDatdotError } from '../../src/domain/errors.ts'
import type { Height } from '../../src/domain/ids.ts'
import { cellsOf } from '../../src/domain/leaves.ts'
import { reservedBytes } from '../../src/domain/sizes.ts'
import type { RequestView } from '../../src/domain/view.ts'

/** Finalized blocks, from a height on. */
export interface PastHeads {
  heads(signal: AbortSignal, options: { from: Height }): AsyncIterable<Head>
}

/** Reads what a request's last draw lacked out of the blocks in which it can have been, up to `height`; null when it is not told there. */
export async function lackOf(
  chain: PastHeads,
  { coreKey, slot, seed, attempt }: RequestView,
  { height, seedWindow }: { height: Height; seedWindow: number },
  signal: AbortSignal
): Promise<string | null> {
  // A draw that fails puts its request off by two windows (protocol.md 9.1).
  const from = Math.max(1, (seed - 2) * seedWindow)
  if (attempt === 0 || from > height) return null
  try {
    for await (const head of chain.heads(signal, { from })) {
      for (const event of head.events)
        if (event.event === 'DrawFailed' && event.core === coreKey && event.slot === slot)
          return event.missing
      if (head.height >= height) break
    }
  } catch (error) {
    // A draw so long ago that the chain's node has dropped its block.
    if (!isDatdotError(error, 'NOT_FOUND')) throw error
  }
  return null
}

/** Whom a request waits for, by the chain's word for what its draw lacked. */
export function describeLack(missing: string | null, { byteLength, length }: RequestView['tree']): string {
  switch (missing) {
    case 'NoPinners':
      return 'a first pinner'
    case 'NoSigners':
      return 'a first signer'
    case 'Pinner':
      return `a pinner with ${formatBytes(reservedBytes(cellsOf(byteLength), length))} free and no part in this core`
    case 'Signer':
      return 'a signer that is no pinner of this core'
    default:
      return 'providers'
  }
}
