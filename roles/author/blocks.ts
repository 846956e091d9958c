import { DatdotError } from '../../src/domain/errors.ts'

/** The largest block that hypercore appends, bytes: a peer gets a block in one message, of less than 16 MiB. */
export const MAX_BLOCK = 15 * 2 ** 20

/** Cuts a byte stream into blocks whose sizes follow the list, over and over; the last block takes the rest. */
export async function* cutBlocks(
  source: AsyncIterable<Uint8Array>,
  sizes: readonly number[]
): AsyncGenerator<Uint8Array> {
  if (sizes.length === 0 || sizes.some(size => !Number.isSafeInteger(size) || size < 1 || size > MAX_BLOCK))
    throw new DatdotError('BAD_ARGUMENT', `block sizes go from 1 to ${MAX_BLOCK} bytes`)
  let pending: Uint8Array[] = []
  let held = 0
  let turn = 0
  for await (const chunk of source) {
    let rest = chunk
    for (;;) {
      const size = sizes[turn % sizes.length] ?? 0
      if (held + rest.byteLength < size) break
      const taken = size - held
      yield join([...pending, rest.subarray(0, taken)], size)
      rest = rest.subarray(taken)
      pending = []
      held = 0
      turn += 1
    }
    if (rest.byteLength > 0) pending.push(rest)
    held += rest.byteLength
  }
  if (held > 0) yield join(pending, held)
}

function join(parts: readonly Uint8Array[], size: number): Uint8Array {
  const block = new Uint8Array(size)
  let offset = 0
  for (const part of parts) {
    block.set(part, offset)
    offset += part.byteLength
  }
  return block
}
