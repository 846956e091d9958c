import type { DevChainEvent } from '../../dev-chain/index.ts'
import { integer } from '../../settings.ts'
import { type Context, defineCommand } from '../command.ts'
import { untilAborted } from '../until.ts'

/** Runs the embedded chain until it is stopped. */
export const chain = defineCommand({
  name: 'chain',
  role: 'chain',
  summary: 'Run the embedded chain: the real runtime in one process',
  description:
    'Runs the real runtime as a local chain with a WebSocket server, for development and tests.\n' +
    'Its state survives a restart; its seeds are predictable, so it is not for other people’s money.',
  settings: {
    port: integer(
      { min: 0, max: 65535 },
      { describe: 'port of the WebSocket server, 0 for any', fallback: '9944' }
    ),
    blockTime: integer(
      { min: 50, max: 3_600_000 },
      { describe: 'milliseconds between blocks', fallback: '600' }
    )
  },
  examples: [
    ['datdot chain', 'blocks every 0.6 s on ws://127.0.0.1:9944'],
    ['datdot chain --port 0 --block-time 200 --storage ./chain', 'quicker, on any port, kept in ./chain']
  ],
  async run(context, config) {
    const { DevChain } = await import('../../dev-chain/index.ts')
    const { output, signal } = context
    const running = await DevChain.create({
      storage: config.storage,
      port: config.port,
      host: config.host ?? '127.0.0.1',
      blockTimeMs: config.blockTime,
      log: event => tell(context, event)
    })
    try {
      const facts = {
        url: running.url,
        genesis: running.genesisHash,
        height: running.height,
        storage: config.storage
      }
      output.line({ type: 'chain', ...facts })
      output.show({ type: 'stage', name: `chain on ${running.url}, kept in ${config.storage}` })
      await untilAborted(signal)
    } finally {
      await running.close()
    }
    return undefined
  }
})

/** Blocks are of interest on a terminal and to programs; a file would fill with them. */
function tell({ output, log }: Context, event: DevChainEvent): void {
  if (event.type === 'block') {
    output.line({ ...event })
    if (output.live) {
      const text = `block ${event.height}  ${event.extrinsics} extrinsics  ${event.durationMs} ms`
      output.show({ type: 'row', id: 'block', text, fields: {} })
    }
  } else if (event.type === 'block-failed') log.warn('a block could not be made', { ...event })
  else log.warn('an extrinsic was dropped', { ...event })
}
