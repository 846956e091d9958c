import { once } from 'node:events'
import { type RawData, WebSocket, WebSocketServer } from 'ws'

/** What becomes of a request: it is answered, refused by a node that is busy, or its answer is lost with the connection. */
export type Fate = 'answered' | 'busy' | 'lost'

const BUSY = { code: -32603, message: 'the node is busy' }

/** Stands between nodes and their chain, and decides what becomes of each request. */
export class ChainProxy {
  readonly url: string
  readonly #server: WebSocketServer
  readonly #decide: (method: string) => Fate
  #target = ''

  private constructor(server: WebSocketServer, decide: (method: string) => Fate) {
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no address')
    this.url = `ws://127.0.0.1:${address.port}`
    this.#server = server
    this.#decide = decide
    server.on('connection', client => this.#serve(client))
  }

  static async start(decide: (method: string) => Fate): Promise<ChainProxy> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
    await once(server, 'listening')
    return new ChainProxy(server, decide)
  }

  /** Where the chain is. */
  leadTo(url: string): void {
    this.#target = url
  }

  async close(): Promise<void> {
    for (const client of this.#server.clients) client.terminate()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #serve(client: WebSocket): void {
    const chain = new WebSocket(this.#target)
    const opened = once(chain, 'open')
    const lost = new Set<unknown>()
    const end = () => {
      client.terminate()
      chain.terminate()
    }
    opened.catch(end)
    client.on('message', data => {
      const { id, method } = parse(data)
      const fate = this.#decide(String(method))
      if (fate === 'busy') return client.send(JSON.stringify({ jsonrpc: '2.0', id, error: BUSY }))
      if (fate === 'lost') lost.add(id)
      opened.then(() => chain.send(String(data)), end)
    })
    chain.on('message', data => {
      if (lost.has(parse(data).id)) end()
      else if (client.readyState === client.OPEN) client.send(String(data))
    })
    for (const socket of [client, chain]) socket.on('error', end).on('close', end)
  }
}

function parse(data: RawData): { id?: unknown; method?: unknown } {
  return JSON.parse(String(data))
}
