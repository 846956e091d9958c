import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import { DatdotError } from '../../domain/errors.ts'
import type { Chain } from '../chain.ts'
import { INTERNAL_ERROR, RpcError } from '../rpc-error.ts'
import { Session } from './session.ts'

const MAX_MESSAGE_BYTES = 16 * 1024 * 1024
const MAX_BATCH = 100
const MAX_CALLS_AT_ONCE = 2_048
const MAX_UNREAD_BYTES = 64 * 1024 * 1024

const id = z.union([z.string(), z.number(), z.null()])
const request = z.object({
  id: id.optional(),
  method: z.string(),
  params: z.array(z.unknown()).optional()
})

/** JSON-RPC 2.0 over WebSocket, as Substrate nodes speak it. */
export class RpcServer {
  readonly url: string
  private readonly http: Server
  private readonly server: WebSocketServer

  private constructor(http: Server, server: WebSocketServer, url: string) {
    this.http = http
    this.server = server
    this.url = url
  }

  /** Listens; PORT_IN_USE if something else does. */
  static async listen(chain: Chain, host: string, port: number): Promise<RpcServer> {
    const http = createServer((_, response) => response.writeHead(426).end('Upgrade to WebSocket'))
    const server = new WebSocketServer({ server: http, maxPayload: MAX_MESSAGE_BYTES })
    try {
      http.listen(port, host)
      await once(server, 'listening')
    } catch (error) {
      server.close()
      const used = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      if (used) throw new DatdotError('PORT_IN_USE', `port ${port} on ${host} is in use`, { cause: error })
      throw new DatdotError('BAD_CONFIG', `cannot listen on ${host}:${port}`, { cause: error })
    }
    server.on('connection', socket => serve(chain, socket))
    const address = server.address() as AddressInfo
    const name = address.family === 'IPv6' ? `[${address.address}]` : address.address
    return new RpcServer(http, server, `ws://${name}:${address.port}`)
  }

  async close(): Promise<void> {
    for (const socket of this.server.clients) socket.terminate()
    this.server.close()
    const closed = once(this.http, 'close')
    this.http.close()
    // Also those that have not asked for anything.
    this.http.closeAllConnections()
    await closed
  }
}

function serve(chain: Chain, socket: WebSocket): void {
  let running = 0
  const sendText = (text: string) => {
    if (socket.readyState !== socket.OPEN) return
    // A client that does not read its subscriptions would have them pile up here.
    if (socket.bufferedAmount > MAX_UNREAD_BYTES) return socket.terminate()
    socket.send(text)
  }
  const send = (message: unknown) => sendText(JSON.stringify(message))
  const session = new Session(chain, ({ method, subscription, result }) =>
    send({ jsonrpc: '2.0', method, params: { subscription, result } })
  )
  socket.on('message', data => {
    running += 1
    if (running >= MAX_CALLS_AT_ONCE) socket.pause()
    handle(session, String(data), sendText)
      .catch(() => socket.terminate())
      .finally(() => {
        running -= 1
        if (socket.isPaused && running < MAX_CALLS_AT_ONCE / 2) socket.resume()
      })
  })
  socket.on('error', () => socket.terminate())
  socket.on('close', () => session.close())
}

async function handle(session: Session, text: string, send: (text: string) => void): Promise<void> {
  const message = parseJson(text)
  if (!Array.isArray(message)) return answer(session, message, send)
  if (message.length > MAX_BATCH)
    return send(failed(null, { code: -32010, message: `a batch has at most ${MAX_BATCH} requests` }))
  const answers: string[] = []
  let size = 0
  for (const one of message)
    await answer(session, one, text => {
      size += text.length
      if (size <= MAX_UNREAD_BYTES) answers.push(text)
    })
  if (size > MAX_UNREAD_BYTES)
    return send(failed(null, { code: -32011, message: 'the answers to this batch are too large' }))
  send(`[${answers.join(',')}]`)
}

async function answer(session: Session, message: unknown, send: (text: string) => void): Promise<void> {
  const parsed = request.safeParse(message)
  if (!parsed.success) return send(failed(idOf(message), { code: -32600, message: 'Invalid request' }))
  const { id = null, method, params = [] } = parsed.data
  try {
    await session.call(method, params, result =>
      send(JSON.stringify({ jsonrpc: '2.0', id, result: result ?? null }))
    )
  } catch (error) {
    send(failed(id, errorJson(error)))
  }
}

/** Of a request that cannot be read otherwise: who asked shall not wait for it. */
function idOf(message: unknown): z.infer<typeof id> {
  const parsed = z.object({ id }).safeParse(message)
  return parsed.success ? parsed.data.id : null
}

function failed(id: string | number | null, error: ReturnType<typeof errorJson>): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error })
}

function errorJson(error: unknown): { code: number; message: string; data?: string } {
  if (!(error instanceof RpcError)) {
    return { code: INTERNAL_ERROR, message: error instanceof Error ? error.message : String(error) }
  }
  const { code, message, data } = error
  return data === undefined ? { code, message } : { code, message, data }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
