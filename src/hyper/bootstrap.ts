import HyperDHT, { type DhtAddress } from 'hyperdht'
import { DatdotError } from '../domain/errors.ts'

export type { DhtAddress } from 'hyperdht'

/** A DHT of our own: its first node is what the others are told. */
export interface Bootstrap {
  readonly addresses: readonly DhtAddress[]
  close(): Promise<void>
}

export interface BootstrapOptions {
  /** Address to bind; the loopback by default. */
  host?: string
  /** UDP port of the first node; any free one by default. */
  port?: number
  /** Nodes that keep the DHT's records; 3 by default. */
  nodes?: number
}

/** An empty range of ports: the DHT would take its well-known one first, at which nodes of a network that is gone may still look. */
const ANY_PORT = [0, 0] as const

/** Starts the persistent nodes of a local DHT and resolves when they know each other; throws PORT_IN_USE. */
export async function startBootstrap(options: BootstrapOptions = {}): Promise<Bootstrap> {
  const host = options.host ?? '127.0.0.1'
  const nodes: HyperDHT[] = []
  const addresses: DhtAddress[] = []
  let closing: Promise<void> | null = null
  const closeAll = async () => {
    for (const node of nodes.toReversed()) await node.destroy()
  }
  try {
    for (let i = 0; i < (options.nodes ?? 3); i++) {
      const port = i === 0 ? options.port : undefined
      const node = new HyperDHT({
        bootstrap: [...addresses],
        host,
        port: port ?? ANY_PORT,
        ephemeral: false,
        firewalled: false
      })
      nodes.push(node)
      await node.fullyBootstrapped()
      // the DHT takes another port by itself, where nobody would look for it
      if (port !== undefined && node.address().port !== port)
        throw new DatdotError('PORT_IN_USE', `UDP port ${port} on ${host} is in use`)
      if (i === 0) addresses.push({ host, port: node.address().port })
    }
  } catch (error) {
    await closeAll()
    throw error
  }
  return { addresses, close: () => (closing ??= closeAll()) }
}
