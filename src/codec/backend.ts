import type { KeyObject } from 'node:crypto'
import type { PublicKey } from './key.ts'

/** Raw RSA over a batch: each 256-byte big-endian integer of `input` becomes one of `output`, which is as long. */
export type RsaFunction = (input: Uint8Array, output: Uint8Array) => void

/**
 * Who computes RSA. A module given to CodecPool as `backend` exports `backend` of this type;
 * it is loaded in each worker. It need not check its own results: the worker does.
 */
export interface RsaBackend {
  /** y^e mod N; called once a key, every integer it is given is below N. */
  publicFunction(key: PublicKey): RsaFunction
  /** y^d mod N; called once a key and worker. */
  privateFunction(handle: KeyObject): RsaFunction
}
