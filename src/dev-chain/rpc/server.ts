import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import { DatdotError } from '../../domain/errors.ts'
import type { Chain } from '../chain.ts'
import { INTERNAL_ERROR, RpcError } from '../rpc-error.ts'
import { Session } from './session.ts'

const MAX_MESSAGE_BYTES = 16 * 1024 * 1024
const MAX_CALLS_AT_ONCE = 2_048
const MAX_UNREAD_BYTES = 64 * 1024 * 1024

const request = z.object({
  id: z.union([z.string(), z.number(), z.null()]).optional(),
  method: z.string(),
  params: z.array(z.unknown()).optional()
})

/** JSON-RPC 2.0 over WebSocket, as Substrate nodes speak it. */
export class RpcServer {
  readonly url: string
  private readonly server: WebSocketServer

  private constructor(server: WebSocketServer, url: string) {
    this.server = server
    this.url = url
  }

  /** Listens; PORT_IN_USE if something else does. */
  static async listen(chain: Chain, host: string, port: number): Promise<RpcServer> {
    const server = new WebSocketServer({ host, port, maxPayload: MAX_MESSAGE_BYTES })
    try {
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
    return new RpcServer(server, `ws://${name}:${address.port}`)
  }

  async close(): Promise<void> {
    for (const socket of this.server.clients) socket.terminate()
    await new Promise(resolve => this.server.close(resolve))
  }
}

function serve(chain: Chain, socket: WebSocket): void {
  let running = 0
  const send = (message: unknown) => {
    if (socket.readyState !== socket.OPEN) return
    // A client that does not read its subscriptions would have them pile up here.
    if (socket.bufferedAmount > MAX_UNREAD_BYTES) return socket.terminate()
    socket.send(JSON.stringify(message))
  }
  const session = new Session(chain, ({ method, subscription, result }) =>
    send({ jsonrpc: '2.0', method, params: { subscription, result } })
  )
  socket.on('message', data => {
    running += 1
    if (running >= MAX_CALLS_AT_ONCE) socket.pause()
    void handle(session, String(data), send).finally(() => {
      running -= 1
      if (socket.isPaused && running < MAX_CALLS_AT_ONCE / 2) socket.resume()
    })
  })
  socket.on('error', () => socket.terminate())
  socket.on('close', () => session.close())
}

async function handle(session: Session, text: string, send: (message: unknown) => void): Promise<void> {
  const message = parseJson(text)
  if (!Array.isArray(message)) return answer(session, message, send)
  const answers: unknown[] = []
  for (const one of message) await answer(session, one, result => answers.push(result))
  send(answers)
}

async function answer(session: Session, message: unknown, send: (message: unknown) => void): Promise<void> {
  const parsed = request.safeParse(message)
  if (!parsed.success) {
    return send({ jsonrpc: '2.0', id: null, error: { code: -32600, message: 'Invalid request' } })
  }
  const { id = null, method, params = [] } = parsed.data
  try {
    await session.call(method, params, result => send({ jsonrpc: '2.0', id, result: result ?? null }))
  } catch (error) {
    send({ jsonrpc: '2.0', id, error: errorJson(error) })
  }
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
