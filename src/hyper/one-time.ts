import type { NoiseStream } from '@hyperswarm/secret-stream'
import HyperDHT from 'hyperdht'
import { DatdotError } from '../domain/errors.ts'
import type { NoiseKey } from '../domain/ids.ts'
import { throwIfAborted } from './abort.ts'
import { fromHex } from './bytes.ts'
import type { Dialler } from './measure.ts'

/** A connection that was dialled with a key that is used for nothing else. */
export interface OneTimeConnection {
  readonly stream: NoiseStream
  readonly remoteKey: NoiseKey
  close(): void
}

/** Dials a noise key with a fresh key pair; throws PEER_UNREACHABLE, or ABORTED when the signal fires. */
export async function connectOnce(
  node: Dialler,
  peer: NoiseKey,
  signal: AbortSignal
): Promise<OneTimeConnection> {
  throwIfAborted(signal)
  const stream = node.dht.connect(fromHex(peer), { keyPair: HyperDHT.keyPair() })
  // An error ends the stream: whoever uses it sees its channels closed.
  stream.on('error', () => undefined)
  const stop = () => void stream.destroy()
  signal.addEventListener('abort', stop, { once: true })
  try {
    if (await stream.opened) return { stream, remoteKey: peer, close: stop }
  } finally {
    signal.removeEventListener('abort', stop)
  }
  stop()
  throwIfAborted(signal)
  throw new DatdotError('PEER_UNREACHABLE', `${peer} cannot be reached`)
}
