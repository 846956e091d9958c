import { parentPort, workerData } from 'node:worker_threads'
import { isDatdotError } from '../domain/errors.ts'
import type { RsaBackend, RsaFunction } from './backend.ts'
import { decodeBatch, encodeBatch } from './cell.ts'
import type { PublicKey } from './key.ts'
import type { FromWorker, ToWorker, WorkerOptions } from './protocol.ts'

const PUBLIC_KEYS_KEPT = 64

const port = parentPort
if (port === null) throw new Error('worker.ts runs in a worker thread only')
const { backend: url } = workerData as WorkerOptions
const { backend } = (await import(url ?? './node-backend.js')) as { backend: RsaBackend }

const secretKeys = new Map<number, { sign: RsaFunction; verify: RsaFunction }>()
const publicKeys = new Map<string, RsaFunction>()

function verifier(key: PublicKey): RsaFunction {
  const name = `${key.e}:${Buffer.from(key.N).toString('latin1')}`
  const verify = publicKeys.get(name) ?? backend.publicFunction(key)
  publicKeys.delete(name)
  publicKeys.set(name, verify)
  const oldest = publicKeys.keys().next()
  if (publicKeys.size > PUBLIC_KEYS_KEPT && !oldest.done) publicKeys.delete(oldest.value)
  return verify
}

function work(message: Extract<ToWorker, { job: number }>): Uint8Array {
  const { firstCell, bytes } = message
  if (message.kind === 'decode') {
    const { publicKey, text } = message
    return decodeBatch({ N: publicKey.N, verify: verifier(publicKey) }, text, firstCell, bytes)
  }
  const key = secretKeys.get(message.keyId)
  if (key === undefined) throw new Error(`key ${message.keyId} is not here`)
  return encodeBatch(key, message.salt, firstCell, bytes)
}

function answer(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer)
}

function run(message: Extract<ToWorker, { job: number }>): void {
  const { job } = message
  try {
    const bytes = work(message)
    answer({ kind: 'done', job, bytes }, [bytes.buffer as ArrayBuffer])
  } catch (error) {
    const known = isDatdotError(error)
    const text = error instanceof Error ? error.message : String(error)
    answer({
      kind: 'failed',
      job,
      code: known ? error.code : null,
      message: text,
      details: known ? error.details : {}
    })
  }
}

port.on('message', (message: ToWorker) => {
  if (message.kind === 'drop') secretKeys.delete(message.keyId)
  else if (message.kind === 'key')
    secretKeys.set(message.keyId, {
      sign: backend.privateFunction(message.handle),
      verify: backend.publicFunction(message.publicKey)
    })
  else run(message)
})
answer({ kind: 'ready' })
