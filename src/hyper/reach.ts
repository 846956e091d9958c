import HyperDHT, { type DhtAddress } from 'hyperdht'

type Pinging = HyperDHT & { ping(address: DhtAddress): Promise<unknown> }

/** Asks each DHT node for a sign of life; gives those that answered. Throws what binding a UDP port throws. */
export async function answeringNodes(addresses: readonly DhtAddress[], host?: string): Promise<DhtAddress[]> {
  const dht = new HyperDHT({ bootstrap: [], ...(host === undefined ? {} : { host }) }) as Pinging
  try {
    await dht.fullyBootstrapped()
    const answers = await Promise.allSettled(addresses.map(address => dht.ping(address)))
    return addresses.filter((_, index) => answers[index]?.status === 'fulfilled')
  } finally {
    await dht.destroy()
  }
}
