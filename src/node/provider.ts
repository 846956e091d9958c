import { randomBytes } from 'node:crypto'
import type { CheckReader } from '../../roles/drawn.ts'
import type { Cursor } from '../../roles/loop.ts'
import type { Registry } from '../../roles/registration.ts'
import type { CopyReader, Role, RoleContext, RoleName } from '../../roles/role.ts'
import { isDatdotError } from '../domain/errors.ts'
import type { Height } from '../domain/ids.ts'
import type { RoleSlotView } from '../domain/view.ts'
import type { NodeBase } from './base.ts'
import { knownBlock } from './tables.ts'

/** The chain as the provider roles see it. */
export type ProviderChain = CopyReader & Registry & CheckReader

/** Blocks between two notes of the newest finalized block. */
const NOTE_EVERY = 10

/** A node that is connected to the chain before anything is asked of it. */
type ChainHolder = Pick<NodeBase, 'chain' | 'submitter'>

/** Reads who may be drawn as verifier, once a block: each copy's draw needs it. */
function verifierSlotsOf(node: ChainHolder): ProviderChain['verifierSlots'] {
  let slots: { height: Height; read: Promise<RoleSlotView[]> } | null = null
  return () => {
    const { height } = node.chain.finalized()
    if (slots?.height !== height) {
      const read = node.chain.snapshot().then(snapshot => snapshot.roleSlots('verifier'))
      slots = { height, read }
      read.catch(() => {
        slots = null
      })
    }
    return slots.read
  }
}

/** Cuts a node's chain down to what the provider roles ask for; each read is of the newest finalized block. */
export function providerChain(node: ChainHolder): ProviderChain {
  return {
    get constants() {
      return node.chain.constants
    },
    params: () => node.chain.params(),
    heads: signal => node.chain.heads(signal),
    finalized: () => node.chain.finalized().height,
    copies: async function* () {
      yield* (await node.chain.snapshot()).copies()
    },
    copiesOfPinner: async function* (account) {
      yield* await (await node.chain.snapshot()).copiesOfPinner(account)
    },
    copiesOfSigner: async function* (account) {
      const snapshot = await node.chain.snapshot()
      const spans = await snapshot.spansOfSigner(account)
      for (const id of new Set(spans.map(span => span.copyId))) {
        const copy = await snapshot.copy(id)
        if (copy !== null) yield copy
      }
    },
    copy: async id => (await node.chain.snapshot()).copy(id),
    provider: async account => (await node.chain.snapshot()).provider(account),
    balance: async account => (await node.chain.snapshot()).balance(account),
    fee: call => node.submitter.fee(call),
    period: async index => (await node.chain.snapshot()).periodAt(index),
    record: async (copy, period) => (await node.chain.snapshot()).record(copy, period),
    verifierSlots: verifierSlotsOf(node),
    accused: async (copy, period) => {
      const record = await (await node.chain.snapshot()).record(copy, period)
      return (record?.verifiers ?? []).flatMap(({ wrong }) => (wrong === null ? [] : [wrong]))
    },
    submit: (call, signal) => node.submitter.submit(call, signal)
  }
}

/** What every role gets of its node. */
export function roleContext(base: NodeBase): RoleContext {
  const { account, noiseKey } = base.identity
  return {
    identity: { account, noiseKey },
    emit: base.events.emit,
    random: count => randomBytes(count),
    now: () => performance.now()
  }
}

/** Keeps the newest finalized block with its hash, so that the next start notices another or an older chain. */
export function chainCursor(base: NodeBase): Cursor {
  const table = base.records.table(knownBlock)
  let noted = 0
  return {
    get: async () => {
      noted = (await table.get('finalized'))?.height ?? 0
      return noted
    },
    put: async height => {
      if (height < noted + NOTE_EVERY) return
      const { height: newest, hash } = base.chain.finalized()
      noted = newest
      await table.put('finalized', { height: newest, hash })
    }
  }
}

/**
 * Runs a node's role until the signal aborts, and closes the chain then: whatever waits for the chain ends at once, also
 * when it is away. What the end of the role has interrupted is no failure.
 */
export async function runRole(base: NodeBase, role: Role | undefined, signal: AbortSignal): Promise<void> {
  let closing: Promise<void> = Promise.resolve()
  const stop = () => {
    closing = base.chain.close()
    closing.catch(() => undefined)
  }
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  try {
    await role?.run(signal)
  } catch (error) {
    if (!signal.aborted || !isDatdotError(error, 'ABORTED')) throw error
  } finally {
    signal.removeEventListener('abort', stop)
    await closing
    await base.chain.close()
  }
}

/** Says that a node is up. */
export function announce(base: NodeBase, role: RoleName): void {
  const { account, noiseKey } = base.identity
  base.events.emit({ type: 'started', role, account, noiseKey })
}
