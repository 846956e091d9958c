import { once } from 'node:events'
import type { TestContext } from 'node:test'
import { type WebSocket, WebSocketServer } from 'ws'

/** The result of a request; undefined is no answer. */
export type Answer = (method: string, socket: WebSocket, id: number) => unknown

/** A server that is no datdot chain's node: it says what it wants to each request. Returns its address. */
export async function strangeNode(
  t: TestContext,
  says: (socket: WebSocket, request: string) => void
): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  server.on('connection', socket => {
    socket.on('error', () => socket.terminate())
    socket.on('message', data => says(socket, String(data)))
  })
  t.after(async () => {
    for (const socket of server.clients) socket.terminate()
    server.close()
    await once(server, 'close')
  })
  return `ws://127.0.0.1:${(server.address() as { port: number }).port}`
}

/** One that answers requests as a node does, whatever its answers are. */
export function answeringNode(t: TestContext, answer: Answer): Promise<string> {
  return strangeNode(t, (socket, request) => {
    const { id, method } = JSON.parse(request) as { id: number; method: string }
    const result = answer(method, socket, id)
    if (result !== undefined) socket.send(JSON.stringify({ jsonrpc: '2.0', id, result }))
  })
}

const HASH = `0x${'11'.repeat(32)}`

/** Another Substrate chain, as far as a client looks before it turns away. */
export function chainOf(specName: string, specVersion: number): Answer {
  const answers: Record<string, unknown> = {
    chain_getBlockHash: HASH,
    chain_getFinalizedHead: HASH,
    state_getRuntimeVersion: { specName, specVersion, transactionVersion: 1 }
  }
  return method => answers[method]
}
