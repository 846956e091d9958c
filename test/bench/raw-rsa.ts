import { constants, createPrivateKey, createPublicKey, privateEncrypt, publicDecrypt } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'

/** What the thread measures, and for how long. */
export interface RawRequest {
  operation: 'private' | 'public'
  ms: number
}

const { secret } = workerData as { secret: Uint8Array }
const privateKey = createPrivateKey({ key: Buffer.from(secret), format: 'der', type: 'pkcs1' })
const padding = constants.RSA_NO_PADDING
const signing = { key: privateKey, padding }
const opening = { key: createPublicKey(privateKey), padding }
const slice = Buffer.alloc(256, 7)
slice[0] = 0
const cell = privateEncrypt(signing, slice)

parentPort?.on('message', ({ operation, ms }: RawRequest) => {
  const run =
    operation === 'private' ? () => privateEncrypt(signing, slice) : () => publicDecrypt(opening, cell)
  const start = performance.now()
  let operations = 0
  do {
    for (let i = 0; i < 20; i++) run()
    operations += 20
  } while (performance.now() - start < ms)
  parentPort?.postMessage((1000 * operations) / (performance.now() - start))
})
