import type { TestContext } from 'node:test'
import type { DevChain } from '../../src/dev-chain/index.ts'
import { strangeNode } from '../helpers/strange-node.ts'

/** A request as it came to a front. */
export interface Asked {
  method: string
  params: unknown[]
  /** Asks the chain: the same, or something else. */
  ask(method?: string, params?: unknown[]): Promise<unknown>
  /** Tells whoever asked of a finalized header. */
  tell(header: unknown): void
  /** Ends the connection on which it came. */
  cut(): void
}

/** A node of the chain that answers as the test says, undefined for not at all. Returns its address. */
export async function frontOf(
  t: TestContext,
  chain: DevChain,
  answer: (asked: Asked) => unknown
): Promise<string> {
  const node = chain.provider()
  await node.connect()
  t.after(() => node.disconnect())
  return strangeNode(t, async (socket, request) => {
    const { id, method, params } = JSON.parse(request) as { id: number; method: string; params: unknown[] }
    const send = (message: object) => socket.send(JSON.stringify({ jsonrpc: '2.0', ...message }))
    const tell = (result: unknown) =>
      send({ method: 'chain_finalizedHead', params: { subscription: 'heads', result } })
    const ask = async (name = method, values = params) => {
      if (name !== 'chain_subscribeFinalizedHeads') return node.send(name, values)
      await node.subscribe('chain_finalizedHead', name, [], (_, header) => tell(header))
      return 'heads'
    }
    const result = await answer({ method, params, ask, tell, cut: () => socket.terminate() })
    if (result !== undefined) send({ id, result })
  })
}
