import { Lab } from './lab.ts'
import { type BenchOptions, inTurns, type Row } from './row.ts'

/** MB a second that a stock peer reads of a pinned core, beside the same core from its author, in the same run. */
export async function benchReplication({ quick, folder, say }: BenchOptions): Promise<Row[]> {
  const byteLength = (quick ? 8 : 32) * 2 ** 20
  const rounds = quick ? 3 : 7
  const lab = await Lab.start({ folder, byteLength, workers: 2, say })
  try {
    const made = await lab.makeCopy()
    // Without a cache every round decodes every block, as for a reader who is the first to ask.
    const pinner = await lab.serve(made, 0)
    const reader = lab.spawn('reader')
    const rate = async (from: Lab['plain']) => byteLength / 1000 / (await lab.read(reader, from, made.made))
    say(`reading it in ${rounds} rounds`)
    const { value, beside, ratio } = await inTurns(
      rounds,
      () => rate(lab.pinned),
      () => rate(lab.plain)
    )
    const { plain, corrupt } = await pinner.call('faults', made.copy)
    if (plain > 0 || corrupt > 0) throw new Error(`${plain} plain blocks, ${corrupt} that were not decoded`)
    const row = { subject: 'replication', unit: 'MB/s' }
    const size = `${byteLength / 2 ** 20} MiB`
    return [
      { ...row, what: `plain hypercore of ${size}`, value: beside },
      { ...row, what: `the same from a pinner's cells`, value, ratio }
    ]
  } finally {
    await lab.close()
  }
}
