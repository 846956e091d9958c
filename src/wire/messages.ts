import type { Encoding } from 'compact-encoding'
import { CELL_BYTES, LEAF_BYTES } from '../domain/leaves.ts'
import type { SpanProof } from '../domain/proofs.ts'
import { bytes, count, fixed, id, list, struct, u16, u32 } from './encoding.ts'

/** Cells of one `cells` message at most (protocol.md part 8). */
export const MAX_CELLS = 256
/** Cells that may be on the way without an ack: 4 MiB (protocol.md part 8). */
export const WINDOW_CELLS = (4 * 1024 * 1024) / CELL_BYTES
/** Leaves of one request, and of one second and peer (protocol.md part 8). */
export const MAX_LEAVES = 64
/** Peaks of a tree, and siblings of a leaf, at most (protocol.md 9.9). */
const MAX_HASHES = 53

/** What a peer holds or has computed of a span, in cells. */
export interface Open {
  span: bigint
  cells: number
}

/** Whole cells from `first` on. */
export interface Cells {
  first: number
  cells: Uint8Array
}

/** Cells that are checked and kept, from the span's first on; after a seal: it was taken. */
export interface Ack {
  cells: number
}

/** A prefix of whole leaves, signed (protocol.md 9.6). */
export interface Checkpoint {
  leaves: number
  root: Uint8Array
  signature: Uint8Array
}

/** The whole span, signed (protocol.md 9.6). */
export interface Seal {
  cells: number
  root: Uint8Array
  signature: Uint8Array
}

export interface Refuse {
  code: number
}

/** Leaves of a sealed span by index. */
export interface Leaves {
  request: number
  span: bigint
  indexes: number[]
}

/** Answer to {@link Leaves}, in its order. */
export interface Proofs extends SpanProof {
  request: number
}

/** Asks for the receipt of a verifier that was drawn (protocol.md 9.7). */
export interface ReceiptRequest {
  request: number
  copy: bigint
  period: number
  account: Uint8Array
}

/** Answer to {@link ReceiptRequest}: ed25519 by the pinner's noise key. */
export interface Receipt {
  request: number
  signature: Uint8Array
}

/** Refuses one request, or the channel when `request` is 0. */
export interface RefuseRequest {
  request: number
  code: number
}

/** One kind of message: its number on the channel, its bytes at most. */
export interface Declaration<T> {
  number: number
  maxBytes: number
  encoding: Encoding<T>
}

/** A protocol: its name on the protomux and its messages. */
export interface Protocol<M extends object> {
  name: string
  messages: { readonly [K in keyof M]: Declaration<M[K]> }
  /** How a refusal of the whole channel is said. */
  refusal(code: number): { [K in keyof M]: [kind: K, value: M[K]] }[keyof M]
}

export interface CopyMessages {
  open: Open
  cells: Cells
  ack: Ack
  checkpoint: Checkpoint
  seal: Seal
  refuse: Refuse
}

/** Signer ↔ pinner; the channel's id is the span (protocol.md part 8). */
export const COPY: Protocol<CopyMessages> = {
  name: 'datdot/copy/1',
  messages: {
    open: { number: 0, maxBytes: 16, encoding: struct<Open>({ span: id, cells: count }) },
    cells: {
      number: 1,
      maxBytes: 12 + MAX_CELLS * CELL_BYTES,
      encoding: struct<Cells>({ first: count, cells: bytes(CELL_BYTES, MAX_CELLS * CELL_BYTES, CELL_BYTES) })
    },
    ack: { number: 2, maxBytes: 8, encoding: struct<Ack>({ cells: count }) },
    checkpoint: {
      number: 3,
      maxBytes: 104,
      encoding: struct<Checkpoint>({ leaves: count, root: fixed(32), signature: fixed(64) })
    },
    seal: {
      number: 4,
      maxBytes: 104,
      encoding: struct<Seal>({ cells: count, root: fixed(32), signature: fixed(64) })
    },
    refuse: { number: 5, maxBytes: 2, encoding: struct<Refuse>({ code: u16 }) }
  },
  refusal: code => ['refuse', { code }]
}

export interface CheckMessages {
  leaves: Leaves
  proofs: Proofs
  receipt: ReceiptRequest
  signature: Receipt
  refuse: RefuseRequest
}

const leafProof = struct<SpanProof['leaves'][number]>({
  data: bytes(CELL_BYTES, LEAF_BYTES, CELL_BYTES),
  path: list(fixed(32), MAX_HASHES)
})

/** Anyone → pinner (protocol.md part 8). */
export const CHECK: Protocol<CheckMessages> = {
  name: 'datdot/check/1',
  messages: {
    leaves: {
      number: 0,
      maxBytes: 14 + 8 * MAX_LEAVES,
      encoding: struct<Leaves>({ request: u32, span: id, indexes: list(count, MAX_LEAVES, 1) })
    },
    proofs: {
      number: 1,
      maxBytes: 8 + 32 * MAX_HASHES + MAX_LEAVES * (6 + LEAF_BYTES + 32 * MAX_HASHES),
      encoding: struct<Proofs>({
        request: u32,
        peaks: list(fixed(32), MAX_HASHES),
        leaves: list(leafProof, MAX_LEAVES)
      })
    },
    receipt: {
      number: 2,
      maxBytes: 48,
      encoding: struct<ReceiptRequest>({ request: u32, copy: id, period: u32, account: fixed(32) })
    },
    signature: { number: 3, maxBytes: 68, encoding: struct<Receipt>({ request: u32, signature: fixed(64) }) },
    refuse: { number: 4, maxBytes: 6, encoding: struct<RefuseRequest>({ request: u32, code: u16 }) }
  },
  refusal: code => ['refuse', { request: 0, code }]
}
