import { join } from 'node:path'
import { Lab } from './lab.ts'
import type { BenchOptions, Row } from './row.ts'

const MIB = 2 ** 20

/** Most memory of each process, in bytes. */
interface Peaks {
  signer: number
  receiving: number
  serving: number
}

const NAMES: Record<keyof Peaks, string> = {
  signer: 'signer: download, encode, deliver',
  receiving: 'pinner: download, check, keep',
  serving: 'pinner: serve all of it decoded'
}

/** The life of one copy with the whole core as one span: the most that a process has to do at once. */
async function peaksOf(folder: string, byteLength: number, say: (what: string) => void): Promise<Peaks> {
  const lab = await Lab.start({ folder, byteLength, workers: 2, say })
  try {
    const made = await lab.makeCopy()
    const pinner = await lab.serve(made)
    say('reading it')
    await lab.read(lab.spawn('reader'), lab.pinned, made.made)
    return { signer: made.signerPeak, receiving: made.pinnerPeak, serving: await pinner.peakBytes() }
  } finally {
    await lab.close()
  }
}

/** Peak memory of signer and pinner processes with a small and with a large core; it must not grow with the core. */
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
