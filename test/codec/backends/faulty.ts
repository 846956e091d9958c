import type { RsaBackend } from '../../../src/codec/backend.ts'
import { backend as node } from '../../../src/codec/node-backend.ts'

/** Signs as OpenSSL does, then flips one bit of the last cell of each batch: what a CRT fault looks like from outside. */
export const backend: RsaBackend = {
  publicFunction: node.publicFunction,
  privateFunction: handle => {
    const sign = node.privateFunction(handle)
    return (input, output) => {
      sign(input, output)
      output[output.length - 1] = (output[output.length - 1] ?? 0) ^ 1
    }
  }
}
