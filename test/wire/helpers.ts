import { join } from 'node:path'
import { type Duplex, duplexPair } from 'node:stream'
import type { TestContext } from 'node:test'
import type { NoiseStream } from '@hyperswarm/secret-stream'
import Protomux from 'protomux'
import { DatdotError } from '../../src/domain/errors.ts'
import type { NoiseKey } from '../../src/domain/ids.ts'
import type { HyperNode, PeerConnection } from '../../src/hyper/node.ts'
import type { WireConnection } from '../../src/wire/channel.ts'
import { type CopyHandler, CopyReceivers } from '../../src/wire/copy-receiver.ts'
import { LocalNet, tempFolder } from '../hyper/helpers.ts'

/** A signer and a pinner on a local DHT, and how the signer dials. */
export interface Pair {
  net: LocalNet
  signer: HyperNode
  pinner: HyperNode
  dial: () => Promise<PeerConnection>
}

/** Two nodes; `onConnection` runs for each connection that the pinner has. */
export async function pair(
  t: TestContext,
  onConnection: (connection: PeerConnection) => void
): Promise<Pair> {
  const folder = await tempFolder(t)
  const net = await LocalNet.start(t)
  const signer = await net.node(join(folder, 'signer'), 'signer')
  const pinner = await net.node(join(folder, 'pinner'), 'pinner')
  pinner.onConnection(onConnection)
  await pinner.listen()
  return { net, signer, pinner, dial: () => signer.connect(pinner.noiseKey) }
}

/** Two ends of a connection in this process, each with the other's key: what one does not read, the other cannot send. */
export function wired(keys: [NoiseKey, NoiseKey]): [WireConnection, WireConnection] {
  const [one, other] = duplexPair({ objectMode: true })
  const stream = (end: Duplex) => Object.assign(end, { userData: null }) as unknown as NoiseStream
  return [
    { stream: stream(one), remoteKey: keys[1] },
    { stream: stream(other), remoteKey: keys[0] }
  ]
}

/** Opens a channel that is open already; resolves when the peer has ended the new one or both. */
export async function openAgain(
  { stream }: WireConnection,
  channel: { protocol: string; id: Uint8Array | null }
): Promise<void> {
  const closed = new Deferred()
  const onclose = () => closed.resolve()
  Protomux.from(stream)
    .createChannel({ ...channel, unique: false, onclose })
    ?.open()
  await closed.promise
}

/** A promise and what settles it. */
export class Deferred<T = void> {
  readonly promise: Promise<T>
  resolve: (value: T) => void = () => {}
  reject: (error: Error) => void = () => {}

  constructor() {
    this.promise = new Promise<T>((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
  }
}

/** Keeps cells in memory, counts them, and may be held up. */
export class Keeper implements CopyHandler {
  readonly kept: Buffer[] = []
  readonly checkpoints: number[] = []
  held = 0
  taken = 0
  sealed: { cells: number } | null = null
  gate: Promise<unknown> = Promise.resolve()
  onCells: () => void = () => {}
  onKept: () => void = () => {}
  onSealed: () => void = () => {}

  async cells(first: number, cells: Uint8Array): Promise<number> {
    this.taken += cells.byteLength / 256
    this.onCells()
    await this.gate
    if (first !== this.held) throw new DatdotError('WIRE_OUT_OF_ORDER')
    if (cells[0] === 0xee) throw new DatdotError('CELL_INVALID')
    this.kept.push(Buffer.from(cells))
    this.held += cells.byteLength / 256
    this.onKept()
    return this.held
  }

  async checkpoint({ leaves }: { leaves: number }): Promise<Uint8Array> {
    this.checkpoints.push(leaves)
    return new Uint8Array(64).fill(3)
  }

  async seal({ cells }: { cells: number }): Promise<void> {
    if (cells !== this.held) throw new DatdotError('WIRE_BAD_MESSAGE')
    this.sealed = { cells }
    this.onSealed()
  }
}

/** A pair of which the pinner receives spans, and what keeps their cells. */
export async function copyScene(t: TestContext) {
  const receivers = new CopyReceivers()
  const nodes = await pair(t, connection => receivers.attach(connection))
  t.after(() => receivers.close())
  return { ...nodes, receivers, keeper: new Keeper() }
}
