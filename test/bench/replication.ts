import { Lab, type MadeCopy } from './lab.ts'
import { type BenchOptions, inTurns, type Row } from './row.ts'

/** MB a second that a stock peer reads of a pinned core, beside the same core from its author, in the same run. */
export async function benchReplication({ quick, folder, say }: BenchOptions): Promise<Row[]> {
  const byteLength = (quick ? 8 : 32) * 2 ** 20
  const rounds = quick ? 3 : 7
  const lab = await Lab.start({ folder, byteLength, workers: 2, say })
  const rows: Row[] = []
  try {
    const made = await lab.makeCopy()
    for (const workers of [1, 2]) {
      say(`reading it in ${rounds} rounds, ${workers} to decode`)
      rows.push(...(await besidePlain(lab, made, workers, rounds)))
    }
    return rows
  } finally {
    await lab.close()
  }
}

async function besidePlain(lab: Lab, made: MadeCopy, workers: number, rounds: number): Promise<Row[]> {
  const { byteLength } = made.made
  // Without a cache every round decodes every block, as for a reader who is the first to ask.
  const pinner = await lab.serve(made, { cacheBytes: 0, workers })
  const reader = lab.spawn('reader')
  const rate = async (from: Lab['plain']) => byteLength / 1000 / (await lab.read(reader, from, made.made))
  const { value, beside, ratio } = await inTurns(
    rounds,
    () => rate(lab.pinned),
    () => rate(lab.plain)
  )
  const { plain, corrupt } = await pinner.call('faults', made.copy)
  if (plain > 0 || corrupt > 0) throw new Error(`${plain} plain blocks, ${corrupt} that were not decoded`)
  await pinner.close()
  await reader.close()
  const row = { subject: 'replication', unit: 'MB/s' }
  const threads = workers === 1 ? '1 worker' : `${workers} workers`
  return [
    { ...row, what: `plain hypercore of ${byteLength / 2 ** 20} MiB`, value: beside },
    { ...row, what: `the same from a pinner's cells, ${threads}`, value, ratio }
  ]
}
