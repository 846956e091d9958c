import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import test from 'node:test'
import { checkPublicKey } from '../../src/codec/key.ts'
import { backend } from '../../src/codec/node-backend.ts'
import { isDatdotError } from '../../src/domain/errors.ts'
import { CELL_BYTES } from '../../src/domain/leaves.ts'
import { complete, truncate } from './truncator.ts'

const CELLS = 4

test('truncator - makes a sixth of each cell again when the exponent is 3, and such a key is not taken', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 })
  const { n = '' } = createPublicKey(privateKey).export({ format: 'jwk' })
  const N = new Uint8Array(Buffer.from(n, 'base64url'))
  const sign = backend.privateFunction(privateKey)
  for (let j = 0; j < CELLS; j++) {
    const y = new Uint8Array(randomBytes(CELL_BYTES))
    y[0] = 0
    const cell = new Uint8Array(CELL_BYTES)
    sign(y, cell)
    assert.deepEqual(complete(truncate(cell), y, N), cell)
  }
  assert.throws(
    () => checkPublicKey({ N, e: 3 }),
    error => isDatdotError(error, 'RSA_INVALID')
  )
})
