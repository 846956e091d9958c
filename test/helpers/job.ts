import { randomBytes } from 'node:crypto'
import { DAT } from '../../src/domain/amounts.ts'
import type { ChainEvent } from '../../src/domain/chain-events.ts'
import type { CoreKey, Period } from '../../src/domain/ids.ts'
import type { TreeFacts } from '../../src/domain/publish.ts'
import { innerCuts } from '../../src/domain/spans.ts'
import type { Core } from '../../src/hyper/core.ts'
import { AuthorNode } from '../../src/node/author.ts'
import { currentPeriod } from './current-period.ts'
import type { EventLog } from './event-log.ts'
import type { Network } from './network.ts'

/** A network, or the log of a chain's events. */
type Watched = Pick<EventLog, 'client' | 'event'>

type Of<E extends ChainEvent['event']> = Extract<ChainEvent, { event: E }>

/** Accepts events of one kind, and those of them that `also` takes. */
export function is<E extends ChainEvent['event']>(kind: E, also: (event: Of<E>) => boolean = () => true) {
  return (event: ChainEvent): event is Of<E> => event.event === kind && also(event as Of<E>)
}

/** Random blocks of these sizes. */
export function randomBlocks(sizes: readonly number[]): Uint8Array[] {
  return sizes.map(size => new Uint8Array(randomBytes(size)))
}

/** A core that its author serves and a supporter pays for. */
export interface Job {
  author: AuthorNode
  key: CoreKey
  blocks: Uint8Array[]
}

/** Makes and serves a core, publishes it, and donates for `copies` copies of it; `isForked`: its author, who has a `name`, has cut it once before; `onServed` comes before anyone can read it. */
export async function pinCore(
  network: Network,
  blocks: Uint8Array[],
  copies: number,
  {
    isForked = false,
    name = 'author',
    onServed
  }: { isForked?: boolean; name?: string; onServed?: (author: AuthorNode, core: Core) => void } = {}
): Promise<Job> {
  const author = new AuthorNode(network.config(name))
  await author.ready()
  const core = await author.hyper.createCore('test')
  if (isForked) {
    await core.append(randomBlocks([100, 200]))
    await core.session.truncate(0)
  }
  await core.append(blocks)
  onServed?.(author, core)
  await author.hyper.join(core).flushed()
  const { spanTarget } = await network.client.params()
  const facts: TreeFacts = await core.treeFacts(({ length, byteLength }) =>
    innerCuts(byteLength, length, spanTarget)
  )
  await network.supporter.submit({ call: 'publish', facts })
  await network.supporter.submit({ call: 'donate', core: core.key, amount: 200n * DAT, wish: copies })
  return { author, key: core.key, blocks }
}

/** The next settlements of a copy after a period, in order. */
export async function settlements(network: Network, copy: bigint, count: number, after = 0) {
  const found: Of<'Settled'>[] = []
  for (let period = after; found.length < count; ) {
    const settled = await network.event(is('Settled', event => event.copy === copy && event.period > period))
    period = settled.period
    found.push(settled)
  }
  return found
}

/** The first period of a copy after that one (now's by default) that is proved and served: who has just started may miss one. */
export async function nextServed(
  watched: Watched,
  copy: bigint,
  after = currentPeriod(watched)
): Promise<Period> {
  const { period } = await watched.event(
    is('Settled', one => one.copy === copy && one.period > after && one.proved && one.verdict === 'Served')
  )
  return period
}

/** What a peer that knows nothing of us reads of a core. */
export async function readAsStranger(network: Network, key: CoreKey, length: number, signal: AbortSignal) {
  const stranger = new AuthorNode(network.config('stranger'))
  try {
    await stranger.ready()
    const core = await stranger.hyper.openCore(key)
    const joined = stranger.hyper.join(core, { server: false, client: true })
    await core.download(0, length, { signal })
    const blocks: Uint8Array[] = []
    for (let index = 0; index < length; index++)
      blocks.push(new Uint8Array(await core.get(index, { signal })))
    await joined.leave()
    await core.close()
    return blocks
  } finally {
    await stranger.close()
  }
}
