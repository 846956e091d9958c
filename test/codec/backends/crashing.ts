import type { RsaBackend } from '../../../src/codec/backend.ts'
import { backend as node } from '../../../src/codec/node-backend.ts'

/** Reads as OpenSSL does; its thread ends as soon as it must sign. */
export const backend: RsaBackend = {
  publicFunction: node.publicFunction,
  privateFunction: () => () => process.exit(7)
}
