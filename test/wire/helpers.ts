import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { HyperNode, PeerConnection } from '../../src/hyper/node.ts'
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
