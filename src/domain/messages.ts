import { concat, u64 } from './bytes.ts'
import { ds } from './hashing.ts'

/** What every message about a span binds: genesis = block_hash(0). */
interface OfSpan {
  genesis: Uint8Array
  spanId: bigint
  tag: Uint8Array
  root: Uint8Array
}

/** Bytes that a signer's account signs when a span is done (protocol.md 9.6). */
export function sealMessage({ genesis, spanId, tag, cells, root }: OfSpan & { cells: number }): Uint8Array {
  return concat(ds('seal'), genesis, u64(spanId), tag, u64(cells), root)
}

/** Bytes that both ends sign for a prefix of whole leaves (protocol.md 9.6). */
export function checkpointMessage({
  genesis,
  spanId,
  tag,
  leaves,
  root
}: OfSpan & { leaves: number }): Uint8Array {
  return concat(ds('checkpoint'), genesis, u64(spanId), tag, u64(leaves), root)
}

/** Bytes that the pinner's noise key signs for a drawn verifier (protocol.md 9.7). */
export function receiptMessage(input: {
  genesis: Uint8Array
  copyId: bigint
  period: number
  account: Uint8Array
}): Uint8Array {
  return concat(ds('receipt'), input.genesis, u64(input.copyId), u64(input.period), input.account)
}

/** Bytes that a provider's noise key signs to prove that the account holds it (protocol.md 9.9). */
export function noiseMessage({ genesis, account }: { genesis: Uint8Array; account: Uint8Array }): Uint8Array {
  return concat(ds('noise'), genesis, account)
}
