import type { NoiseStream } from '@hyperswarm/secret-stream'
import HyperDHT from 'hyperdht'
import { DatdotError } from '../domain/errors.ts'
import type { NoiseKey } from '../domain/ids.ts'
import { throwIfAborted } from './abort.ts'
import { bufferOf } from './bytes.ts'
import { isInNetwork } from './reach.ts'

/** The part of a hyper node that dials beside the swarm. */
export interface Dialler {
  readonly dht: HyperDHT
}

/** A connection that was dialled with a key that is used for nothing else. */
export interface OneTimeConnection {
  readonly stream: NoiseStream
  readonly remoteKey: NoiseKey
  close(): void
}

export interface ConnectOnceOptions {
  /** After this many milliseconds the peer is PEER_UNREACHABLE; without it, when the DHT gives up. */
  timeoutMs?: number
}

/** Dials a noise key with a fresh key pair; throws PEER_UNREACHABLE, DHT_UNREACHABLE when it is this node that is cut off, or ABORTED when the signal fires. */
export async function connectOnce(
  node: Dialler,
  peer: NoiseKey,
  signal?: AbortSignal,
  options: ConnectOnceOptions = {}
): Promise<OneTimeConnection> {
  throwIfAborted(signal)
  const stream = node.dht.connect(bufferOf(peer), { keyPair: HyperDHT.keyPair() })
  // An error ends the stream: whoever uses it sees its channels closed.
  stream.on('error', () => {})
  const stop = () => void stream.destroy()
  const timer = options.timeoutMs === undefined ? null : setTimeout(stop, options.timeoutMs)
  signal?.addEventListener('abort', stop, { once: true })
  try {
    if (await stream.opened) return { stream, remoteKey: peer, close: stop }
  } finally {
    if (timer) clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  }
  stop()
  await assertInNetwork(node, signal)
  throw new DatdotError('PEER_UNREACHABLE', `${peer} cannot be reached`)
}

/** Before a peer is blamed: throws DHT_UNREACHABLE when it is this node that is cut off, ABORTED when the signal has fired. */
export async function assertInNetwork({ dht }: Dialler, signal?: AbortSignal): Promise<void> {
  // A limit that ran out leaves the question whose fault it is; the end of the caller does not.
  if (signal?.reason?.name !== 'TimeoutError') throwIfAborted(signal)
  if (!(await isInNetwork(dht)))
    throw new DatdotError('DHT_UNREACHABLE', 'no node of the DHT answers: nobody can be found')
  throwIfAborted(signal)
}
