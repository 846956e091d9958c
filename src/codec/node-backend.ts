import { constants, type KeyObject, privateEncrypt, publicDecrypt } from 'node:crypto'
import { CELL_BYTES } from '../domain/leaves.ts'
import type { RsaBackend, RsaFunction } from './backend.ts'
import { publicHandle } from './key.ts'

type NodeRsa = typeof privateEncrypt

function batched(operation: NodeRsa, key: KeyObject): RsaFunction {
  const options = { key, padding: constants.RSA_NO_PADDING }
  return (input, output) => {
    for (let at = 0; at < input.length; at += CELL_BYTES)
      output.set(operation(options, input.subarray(at, at + CELL_BYTES)), at)
  }
}

/** RSA by OpenSSL as node:crypto has it: one call a cell, blinded and checked for CRT faults by OpenSSL too. */
export const backend: RsaBackend = {
  publicFunction: key => batched(publicDecrypt, publicHandle(key)),
  privateFunction: handle => batched(privateEncrypt, handle)
}
