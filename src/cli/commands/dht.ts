import { integer } from '../../settings.ts'
import { defineCommand } from '../command.ts'
import { untilAborted } from '../until.ts'

/** The DHT of a local network. */
export const dht = defineCommand({
  name: 'dht',
  role: 'dht',
  summary: 'Run a DHT of your own for nodes to find each other',
  settings: {
    port: integer(
      { min: 0, max: 65_535 },
      { describe: 'UDP port of the first node, 0 for any', fallback: '0' }
    ),
    nodes: integer({ min: 1, max: 64 }, { describe: 'nodes that keep its records', fallback: '3' })
  },
  examples: [['datdot dht --port 49737', 'then give the nodes --bootstrap 127.0.0.1:49737']],
  async run({ output, signal }, { host, port, nodes }) {
    const { startBootstrap } = await import('../../hyper/bootstrap.ts')
    const dht = await startBootstrap({ host: host ?? '127.0.0.1', nodes, ...(port === 0 ? {} : { port }) })
    try {
      const bootstrap = dht.addresses.map(address => `${address.host}:${address.port}`)
      output.note(`DHT at ${bootstrap.join(', ')}; Ctrl-C ends it`, { bootstrap })
      await untilAborted(signal)
      return undefined
    } finally {
      await dht.close()
    }
  }
})
