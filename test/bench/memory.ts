import { join } from 'node:path'
import { Lab } from './lab.ts'
import type { BenchOptions, Row } from './row.ts'

const MIB = 2 ** 20

/** Most memory of each process, in bytes. */
interface Peaks {
  author: number
  supporter: number
  chain: number
  signer: number
  receiving: number
  serving: number
  verifier: number
  consumer: number
}

const NAMES: Record<keyof Peaks, string> = {
  author: 'author: make a core',
  supporter: 'supporter: publish it',
  chain: 'chain: take it',
  signer: 'signer: download, encode, deliver',
  receiving: 'pinner: download, check, keep',
  serving: 'pinner: serve all of it decoded',
  verifier: 'verifier: read a sample',
  consumer: 'consumer: read all of it'
}

/** The life of one copy with the whole core as one span: the most that a process has to do at once. */
async function peaksOf(folder: string, byteLength: number, say: (what: string) => void): Promise<Peaks> {
  const lab = await Lab.start({ folder, byteLength, workers: 2, say })
  try {
    const author = lab.spawn('author')
    await author.call('publish', join(folder, 'author'), lab.plain.addresses, byteLength)
    const made = await lab.makeCopy()
    say('publishing it')
    const chain = lab.spawn('chain')
    const url = await chain.call('open', join(folder, 'chain'))
    const supporter = lab.spawn('supporter')
    const published = { chain: url, key: made.made.key }
    await supporter.call('publish', join(folder, 'supporter'), lab.plain.addresses, published)
    const pinner = await lab.serve(made)
    const { addresses } = lab.pinned
    say('reading a sample, and all of it')
    const verifier = lab.spawn('verifier')
    await verifier.call('sample', join(folder, 'verifier'), addresses, made.copy)
    const consumer = lab.spawn('consumer')
    await consumer.call('get', join(folder, 'consumer'), addresses, made.made)
    return {
      author: await author.peakBytes(),
      supporter: await supporter.peakBytes(),
      chain: await chain.peakBytes(),
      signer: made.signerPeak,
      receiving: made.pinnerPeak,
      serving: await pinner.peakBytes(),
      verifier: await verifier.peakBytes(),
      consumer: await consumer.peakBytes()
    }
  } finally {
    await lab.close()
  }
}

/** Peak memory of each role's process with a small and with a large core; it must not grow with the core. */
export async function benchMemory({ quick, folder, say }: BenchOptions): Promise<Row[]> {
  const [small, large] = quick ? [16, 64] : [16, 256]
  const before = await peaksOf(join(folder, 'small'), small * MIB, say)
  const after = await peaksOf(join(folder, 'large'), large * MIB, say)
  return (Object.keys(NAMES) as (keyof Peaks)[]).flatMap(name => {
    const row = { subject: 'memory', unit: 'MiB' }
    const ratio = after[name] / before[name]
    return [
      { ...row, what: `${NAMES[name]}, ${small} MiB`, value: before[name] / MIB },
      { ...row, what: `${NAMES[name]}, ${large} MiB`, value: after[name] / MIB, ratio, target: '<= 1.25' }
    ]
  })
}
