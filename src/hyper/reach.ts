import HyperDHT, { type DhtAddress } from 'hyperdht'

/** Asks each DHT node for a sign of life; gives those that answered. Throws what binding a UDP port throws. */
export async function answeringNodes(addresses: readonly DhtAddress[], host?: string): Promise<DhtAddress[]> {
  const dht = new HyperDHT({ bootstrap: [], ...(host === undefined ? {} : { host }) })
  try {
    await dht.fullyBootstrapped()
    const answers = await Promise.allSettled(addresses.map(address => dht.ping(address)))
    return addresses.filter((_, index) => answers[index]?.status === 'fulfilled')
  } finally {
    await dht.destroy()
  }
}

const MOST_ASKED = 8

/** True when a DHT node that this one knows gives a sign of life: else nobody can be found, and nobody is to blame. */
export async function isInNetwork(dht: HyperDHT): Promise<boolean> {
  const known = [...dht.bootstrapNodes, ...dht.toArray()].slice(0, MOST_ASKED)
  const [first, ...others] = known.sort(() => Math.random() - 0.5)
  if (first === undefined) return false
  return dht
    .ping(first)
    .catch(() => Promise.any(others.map(address => dht.ping(address))))
    .then(
      () => true,
      () => false
    )
}
