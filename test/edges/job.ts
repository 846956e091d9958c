import assert from 'node:assert/strict'
import { DAT } from '../../src/domain/amounts.ts'
import type { CopyId, CoreKey } from '../../src/domain/ids.ts'
import { SupporterNode } from '../../src/node/supporter.ts'
import { is } from '../helpers/job.ts'
import { scaled } from '../helpers/long.ts'
import type { Network } from '../helpers/network.ts'

/** More than the making of the largest core costs. */
const DONATION = BigInt(scaled(100, 600)) * DAT

/** A supporter's node with money. */
export async function openSupporter(network: Network, amount: bigint): Promise<SupporterNode> {
  const node = new SupporterNode(network.config('supporter'), network.modules)
  await node.ready()
  await network.supporter.submit({ call: 'transfer', to: node.identity.account, amount })
  return node
}

/** Publishes what peers have of a core, and pays for copies of it. */
export async function pin(node: SupporterNode, core: CoreKey, copies: number): Promise<void> {
  const signal = AbortSignal.timeout(scaled(240_000, 3_600_000))
  const supporter = node.role(core)
  await supporter.publish(signal)
  await supporter.donate(DONATION, copies, signal)
}

/** The copy that was first active of a core, and its first period. */
export async function firstActive(
  network: Network,
  core: CoreKey
): Promise<{ copy: CopyId; firstPeriod: number }> {
  const assigned = new Set<CopyId>()
  const found = await network.event((event): event is Extract<typeof event, { event: 'CopyActive' }> => {
    if (event.event === 'CopyAssigned' && event.core === core) assigned.add(event.copy)
    return event.event === 'CopyActive' && assigned.has(event.copy)
  })
  return { copy: found.copy, firstPeriod: found.firstPeriod }
}

/** Waits until a period of the copy is proved and served; no period before may be unproved or failed, each mint has its burn. */
export async function servedPeriod(network: Network, copy: CopyId, first: number): Promise<void> {
  for (let period = first; ; period++) {
    const settled = await network.event(
      is('Settled', event => event.copy === copy && event.period === period)
    )
    assert.equal(settled.proved, true, `copy ${copy} was not proved in period ${period}`)
    assert.notEqual(settled.verdict, 'Failed')
    assert.equal(settled.minted, settled.burned)
    assert.ok(settled.minted > 0n)
    if (settled.verdict === 'Served') return
  }
}
