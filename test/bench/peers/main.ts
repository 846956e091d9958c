import type { Answer, PeerName, Request } from './messages.ts'
import { RssMeter } from './rss-meter.ts'

type Methods = Record<string, (...args: readonly unknown[]) => unknown>

/** Only the one that is asked for is loaded: what the others import would count as its memory. */
const KINDS: Record<PeerName, () => Promise<object>> = {
  author: async () => new (await import('./author.ts')).AuthorPeer(),
  chain: async () => new (await import('./chain.ts')).ChainPeer(),
  supporter: async () => new (await import('./supporter.ts')).SupporterPeer(),
  consumer: async () => new (await import('./consumer.ts')).ConsumerPeer(),
  verifier: async () => new (await import('./verifier.ts')).VerifierPeer(),
  source: async () => new (await import('./source.ts')).SourcePeer(),
  reader: async () => new (await import('./reader.ts')).ReaderPeer(),
  signer: async () => new (await import('./signer.ts')).SignerPeer(),
  pinner: async () => new (await import('./pinner.ts')).PinnerPeer()
}

const name = process.argv[2] as PeerName
const meter = new RssMeter()
const peer = (await KINDS[name]()) as Methods

process.on('message', (message: Request) => void handle(message))
// The one that asks is gone, and nobody needs what is here.
process.once('disconnect', () => process.exit(0))

async function handle({ id, method, args }: Request): Promise<void> {
  answer(await outcome(id, method, args))
}

async function outcome(id: number, method: string, args: readonly unknown[]): Promise<Answer> {
  try {
    if (method === 'peakBytes') return { id, value: meter.peak }
    return { id, value: await peer[method]?.(...args) }
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

function answer(message: Answer): void {
  if (process.connected) process.send?.(message)
}
