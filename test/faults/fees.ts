import { Rpc } from '../../src/chain-client/rpc.ts'
import { Runtime } from '../../src/chain-client/runtime.ts'
import { SocketProvider } from '../../src/chain-client/socket.ts'
import type { RpcProvider } from '../../src/chain-client/types.ts'
import type { Account, Height } from '../../src/domain/ids.ts'

/** Plancks of fees that each account has paid up to a block, as the chain's own events tell. */
export async function feesPaid(chain: string | RpcProvider, until: Height): Promise<Map<Account, bigint>> {
  const provider = typeof chain === 'string' ? new SocketProvider([chain]) : chain
  const rpc = new Rpc(provider, 60_000, new AbortController().signal)
  const fees = new Map<Account, bigint>()
  try {
    await provider.connect()
    const head = await rpc.finalizedHead()
    const runtime = new Runtime(await rpc.metadata(head), await rpc.runtimeVersion(head))
    const { hex } = runtime.key('system', 'events')
    for (let height = 1; height <= until; height++) {
      const hash = await rpc.blockHash(height)
      if (hash === null) throw new Error(`there is no block ${height}`)
      const [events] = await rpc.storage([hex], hash)
      for (const { pallet, name, data } of runtime.events(events ?? null)) {
        if (pallet !== 'transactionPayment' || name !== 'TransactionFeePaid') continue
        const who = data.field('who').hex32()
        fees.set(who, (fees.get(who) ?? 0n) + data.field('actualFee').bigint())
      }
    }
    return fees
  } finally {
    await provider.disconnect()
  }
}
