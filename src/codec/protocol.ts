import type { KeyObject } from 'node:crypto'
import type { ErrorCode } from '../domain/errors.ts'
import type { SpanText } from './cell.ts'
import type { PublicKey } from './key.ts'

/** What the pool tells a worker; `bytes` are transferred. */
export type ToWorker =
  | { kind: 'key'; keyId: number; handle: KeyObject; publicKey: PublicKey }
  | { kind: 'drop'; keyId: number }
  | { kind: 'encode'; job: number; keyId: number; salt: Uint8Array; firstCell: number; bytes: Uint8Array }
  | {
      kind: 'decode'
      job: number
      publicKey: PublicKey
      text: SpanText
      firstCell: number
      bytes: Uint8Array
    }

/** What a worker answers. */
export type FromWorker =
  | { kind: 'ready' }
  | { kind: 'done'; job: number; bytes: Uint8Array }
  | { kind: 'failed'; job: number; code: ErrorCode | null; message: string; details: Record<string, unknown> }

/** What a worker is started with: the backend module, null for node:crypto. */
export interface WorkerOptions {
  backend: string | null
}
