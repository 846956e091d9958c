/** One leaf with its siblings from the bottom up to its peak. */
export interface LeafProof {
  data: Uint8Array
  path: Uint8Array[]
}

/** Leaves of one span, its peaks once (protocol.md 9.3, 9.9). */
export interface SpanProof {
  peaks: Uint8Array[]
  leaves: LeafProof[]
}
