import type { CommonConfig } from '../../config.ts'
import type { NodeEvents } from '../../events.ts'
import type { PinnedSpan } from '../../node/pinned.ts'
import { bytes, integer } from '../../settings.ts'
import { type Context, defineCommand } from '../command.ts'
import { showEvents } from '../node-view.ts'

/** A node that does its role's work until the signal fires. */
interface RunningNode {
  readonly events: NodeEvents
  ready(): Promise<void>
  run(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

async function runNode(context: Context, make: () => Promise<RunningNode>): Promise<undefined> {
  const node = await make()
  node.events.on(showEvents(context.output, context.clock))
  try {
    await node.ready()
    await node.run(context.signal)
    return undefined
  } finally {
    await node.close()
  }
}

const modulesOf = ({ signal }: Context) => ({ signal })
const withoutOwn = ({ chain, storage, passphraseFile, bootstrap, host }: CommonConfig) => ({
  chain,
  storage,
  passphraseFile,
  bootstrap,
  host
})

/** Encodes copies. */
export const signer = defineCommand({
  name: 'signer',
  role: 'signer',
  summary: 'Make unique copies for pinners, and be paid for it',
  description:
    'Registers as a signer when needed, then encodes the spans that the chain draws for it and sends them to their\n' +
    'pinners. Needs some DAT for deposit and fees. Started again, it goes on where it stopped.',
  settings: { workers: integer({ min: 1, max: 64 }, { describe: 'threads that encode', fallback: '1' }) },
  examples: [['datdot signer --workers 4', 'encode with four threads']],
  run: (context, config) =>
    runNode(context, async () => {
      const { SignerNode } = await import('../../node/signer.ts')
      return new SignerNode(withoutOwn(config), { workers: config.workers }, modulesOf(context))
    })
})

/** Stores and serves copies. */
export const pinner = defineCommand({
  name: 'pinner',
  role: 'pinner',
  summary: 'Store encoded copies, prove them, serve their cores, and be paid for it',
  description:
    'Registers as a pinner when needed, then checks and stores the copies that the chain draws for it, proves them each\n' +
    'period and serves their cores to any peer. Needs some DAT for deposit and fees.',
  settings: {
    capacity: bytes({ describe: 'bytes to offer', fallback: '10GB' }),
    workers: integer(
      { min: 1, max: 64 },
      { describe: 'threads that check what signers send and decode what readers ask for', fallback: '1' }
    )
  },
  examples: [['datdot pinner --capacity 500GB', 'offer half a terabyte']],
  run: (context, config) =>
    runNode(context, async () => {
      const { PinnerNode } = await import('../../node/pinner.ts')
      const { capacity, workers } = config
      return new PinnerNode(withoutOwn(config), { capacity, workers }, modulesOf(context))
    })
})

/** A span flat, its salt's inputs under encoding.md's names; the vectors say `genesis` for `genesisHash`. */
function auditable({ inputs, ...span }: PinnedSpan): Record<string, unknown> {
  if (inputs === null) return span
  const { genesis, ...others } = inputs
  const numbers = Object.entries(others).map(([name, value]) => [name, plainNumber(value)])
  return { genesisHash: genesis, genesis, ...Object.fromEntries(numbers), ...span }
}

/** Ids and sizes are JSON numbers as in the vectors, as long as JSON can hold them. */
function plainNumber<T>(value: T): T | number {
  return typeof value === 'bigint' && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value
}

function describePinned({ inputs, copyState, state, cells, root, path }: PinnedSpan): string {
  const name = inputs === null ? '' : ` ${inputs.copyId} (${copyState}), span ${inputs.spanId}`
  const hash = root === null ? 'no root yet' : `root ${Buffer.from(root).toString('hex')}`
  return `copy${name} is ${state}, ${cells} cells, ${hash}\n  ${path}`
}

/** Lists what a pinner holds. */
export const pinnerCopies = defineCommand({
  name: 'pinner copies',
  role: 'pinner',
  summary: 'List the spans held here: state, root, salt with all its inputs, file of cells',
  description:
    'With --json each span has every input of its salt under the names of the copy format, so that an independent\n' +
    'program can audit the file of cells against the root on the chain. The pinner may run meanwhile.',
  examples: [['datdot pinner copies --json', 'for an auditor']],
  async run({ output, signal }, config) {
    const { listPinned } = await import('../../node/pinned.ts')
    const held = await listPinned(withoutOwn(config), signal)
    const spans = held.map(auditable)
    for (const span of spans) output.line({ type: 'span', ...span })
    output.result({ spans }, held.map(describePinned).join('\n') || 'nothing is held here')
    return undefined
  }
})

/** Checks copies. */
export const verifier = defineCommand({
  name: 'verifier',
  role: 'verifier',
  summary: 'Check copies as an anonymous reader, and be paid for it',
  description:
    'Registers as a verifier when needed, then reads from the pinners that the chain draws for it and reports. Each\n' +
    'reading uses a one-time key; the address of this machine is not hidden by that.',
  examples: [['datdot verifier', 'check copies']],
  run: (context, config) =>
    runNode(context, async () => {
      const { VerifierNode } = await import('../../node/verifier.ts')
      return new VerifierNode(withoutOwn(config), modulesOf(context))
    })
})
