import { join } from 'node:path'
import { proofSize } from '../../roles/pinner/proving.ts'
import { cryptoReady } from '../../src/chain-client/keys.ts'
import { DAT } from '../../src/domain/amounts.ts'
import { CELL_BYTES } from '../../src/domain/leaves.ts'
import { type Cast, ChainCopies, castFor } from './chain/copies.ts'
import { ChainLoad, type Job, type LoadFigure } from './chain/load.ts'
import { type BenchOptions, median, type Row, timed } from './row.ts'

const EMPTY_BLOCKS = 20
const TRANSFERS = 50
const CORE_BYTES = 3 * 2 ** 20

const rowOf = (what: string, value: number, unit: string): Row => ({ subject: 'chain', what, value, unit })

/** Calls a second through pool and block, and what they cost in each; a block's ratio is to the empty ones before it. */
function rowsOf(name: string, figures: readonly LoadFigure[]): Row[] {
  const of = (figure: (figure: LoadFigure) => number) => median(figures.map(figure))
  const calls = figures[0]?.calls ?? 0
  const block = rowOf(
    `${name}: block of ${calls}`,
    of(({ blockMs, blocks }) => blockMs / blocks),
    'ms'
  )
  return [
    rowOf(
      `${name}, ${calls} at once`,
      of(({ checkMs, blockMs }) => (1000 * calls) / (checkMs + blockMs)),
      'calls/s'
    ),
    rowOf(
      `${name}: check one for the pool`,
      of(({ checkMs }) => checkMs / calls),
      'ms'
    ),
    { ...block, ratio: of(({ blockMs, blocks, emptyMs }) => blockMs / (blocks * emptyMs)) }
  ]
}

const endow = ({ supporter, providers }: Cast) => [
  { account: `0x${supporter.account}` as const, amount: 100_000n * DAT },
  ...providers.map(({ identity }) => ({ account: `0x${identity.account}` as const, amount: 100n * DAT }))
]

async function benchTransfers(load: ChainLoad, cast: Cast, rounds: number): Promise<LoadFigure[]> {
  const to = cast.providers[0]?.identity.account ?? ''
  const transfer: Job = [cast.supporter.keys, { call: 'transfer', to, amount: DAT }]
  const figures: LoadFigure[] = []
  for (let round = 0; round < rounds; round++)
    figures.push(await load.run(Array<Job>(TRANSFERS).fill(transfer)))
  return figures
}

interface PeriodFigures {
  prove: LoadFigure
  report: LoadFigure
  settle: LoadFigure
  proofBytes: number
}

/**
 * All proofs, reports and settlements of a period, each kind at once. They are settled in the first block that may:
 * at its end the chain begins to do it by itself.
 */
async function benchPeriod(load: ChainLoad, copies: ChainCopies, period: number): Promise<PeriodFigures> {
  const { period: blocks, grace } = load.client.constants
  await load.mineTo(period * blocks)
  const { jobs, proofs } = await copies.proves(period)
  const prove = await load.run(jobs)
  const report = await load.run(await copies.reports(period))
  await load.mineTo((period + 1) * blocks + grace - 2)
  const settle = await load.run(copies.settles())
  const proofBytes = median(proofs.map(proof => proofSize(proof).bytes))
  return { prove, report, settle, proofBytes }
}

async function benchCopies(load: ChainLoad, cast: Cast, options: BenchOptions): Promise<Row[]> {
  const { quick, folder, say } = options
  const count = quick ? 3 : 8
  const periods = quick ? 1 : 3
  say(`setting up ${count} copies`)
  const { spanTarget } = await load.client.params()
  const copies = new ChainCopies(load, cast, spanTarget)
  await copies.setUp(join(folder, 'core'), CORE_BYTES, count)
  const first = Math.max(...copies.active.map(({ firstPeriod }) => firstPeriod ?? 0))
  const figures: PeriodFigures[] = []
  say('a first period, which does not count')
  await benchPeriod(load, copies, first)
  for (let period = first + 1; period <= first + periods; period++) {
    say(`period ${period}`)
    figures.push(await benchPeriod(load, copies, period))
  }
  const cells = copies.active[0]?.spans.reduce((sum, span) => sum + span.cells, 0) ?? 0
  const proofBytes = median(figures.map(figure => figure.proofBytes))
  const what = `proof of a period, copy of ${((cells * CELL_BYTES) / 2 ** 20).toFixed(0)} MiB`
  return [
    rowOf(what, proofBytes, 'bytes'),
    ...(['prove', 'report', 'settle'] as const).flatMap(name =>
      rowsOf(
        name,
        figures.map(figure => figure[name])
      )
    )
  ]
}

/** Milliseconds until a chain that is on the disk can be used again. */
async function benchRestart(storage: string, endowed: ReturnType<typeof endow>, rounds: number) {
  const times: number[] = []
  let height = 0
  for (let round = 0; round < rounds; round++)
    times.push(
      await timed(async () => {
        const load = await ChainLoad.open({ storage, endowed })
        height = load.chain.height
        await load.close()
      })
    )
  return rowOf(`restart at block ${height}, and close`, median(times), 'ms')
}

/** The embedded chain: blocks, calls a second, restart. */
export async function benchChain(options: BenchOptions): Promise<Row[]> {
  const { quick, folder, say } = options
  await cryptoReady()
  const cast = castFor(quick ? 3 : 8)
  const [storage, endowed] = [join(folder, 'chain'), endow(cast)]
  say('starting')
  const start = performance.now()
  const load = await ChainLoad.open({ storage, endowed })
  const rows = [rowOf('first start', performance.now() - start, 'ms')]
  try {
    say('empty blocks and transfers')
    const empty: number[] = []
    for (let i = 0; i < EMPTY_BLOCKS; i++) empty.push(await load.emptyBlock())
    rows.push(rowOf('empty block', median(empty), 'ms'))
    rows.push(...rowsOf('transfer', await benchTransfers(load, cast, quick ? 1 : 3)))
    rows.push(...(await benchCopies(load, cast, options)))
  } finally {
    await load.close()
  }
  say('restarting')
  rows.push(await benchRestart(storage, endowed, quick ? 1 : 3))
  return rows
}
