import { z } from 'zod'
import { formatBytes } from '../../domain/amounts.ts'
import { DatdotError } from '../../domain/errors.ts'
import type { NodeEvent } from '../../events.ts'
import { coreKey, integer, text } from '../../settings.ts'
import { PartialFile } from '../../store/partial-file.ts'
import { defineCommand } from '../command.ts'
import { showEvents } from '../node-view.ts'
import { StdoutSink } from '../stdout-sink.ts'

const MOST_BLOCKS = 2 ** 40

const hexKey = z.string().regex(/^[0-9a-fA-F]{64}$/)

/** Downloads a core or a range of its blocks. */
export const consumerGet = defineCommand({
  name: 'consumer get',
  role: 'consumer',
  summary: 'Download a core, verify it, say which peers served how much',
  description:
    'Downloads a core, or a range of its blocks, from whoever serves it; every block is verified against the\n' +
    "author's signature. Run it again after an interruption: it goes on where it stopped.",
  dataOnStdout: config => config['out'] === '-',
  positionals: { core: coreKey({ describe: 'key of the core' }) },
  settings: {
    out: text({ describe: 'file to write, - for stdout' }),
    start: integer({ min: 0, max: MOST_BLOCKS }, { describe: 'first block', fallback: '0' }),
    end: integer(
      { min: 1, max: MOST_BLOCKS },
      { describe: 'block after the last; all that there are by default', optional: true }
    ),
    patience: integer(
      { min: 1, max: 86_400 },
      { describe: 'seconds to wait for a peer, or for the next block; for ever by default', optional: true }
    ),
    encryptionKey: text({ describe: 'key of an encrypted core, 64 hex digits', optional: true })
  },
  examples: [
    ['datdot consumer get 1a2b…64-digits… --out video.mp4', 'download everything'],
    ['datdot consumer get 1a2b…64-digits… --out - --start 10 --end 20 | less', 'read ten blocks']
  ],
  async run(context, { core, out, start, end, patience, encryptionKey, ...config }) {
    if (encryptionKey !== null && !hexKey.safeParse(encryptionKey).success)
      throw new DatdotError('BAD_ARGUMENT', '--encryption-key takes 64 hex digits')
    if (end !== null && start >= end)
      throw new DatdotError('BAD_RANGE', `blocks ${start} to ${end} are no range`)
    const { ConsumerNode } = await import('../../node/consumer.ts')
    const node = new ConsumerNode(config, { signal: context.signal })
    const sink = out === '-' ? new StdoutSink(context.stdout, context.signal) : new PartialFile(out)
    let last: Extract<NodeEvent, { type: 'receive' }> | undefined
    node.events.on(event => {
      if (event.type === 'receive') last = event
    })
    node.events.on(showEvents(context.output, context.clock))
    try {
      await node.ready()
      const key = encryptionKey === null ? null : Buffer.from(encryptionKey, 'hex')
      const patienceMs = patience === null ? null : 1_000 * patience
      const consumer = await node.role(core, sink, { start, end, patienceMs, encryptionKey: key })
      await consumer.run(context.signal)
      const served = Object.entries(last?.served ?? {}).map(([peer, share]) => ({ peer, ...share }))
      const lines = served.map(
        ({ peer, blocks, bytes }) => `  ${peer}  ${blocks} blocks, ${formatBytes(bytes)}`
      )
      context.output.result(
        { core, out, blocks: last?.totalBlocks ?? 0, bytes: last?.bytes ?? 0, served },
        [`${last?.totalBlocks ?? 0} blocks of ${core} in ${out}, served by`, ...lines].join('\n')
      )
      return undefined
    } finally {
      await sink.close()
      await node.close()
    }
  }
})
