import { access, rm } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dataFolder } from '../../config.ts'
import { DatdotError, isDatdotError } from '../../domain/errors.ts'
import type { CoreStatus } from '../../node/supporter.ts'
import type { Testnet, TestnetEvent } from '../../node/testnet/testnet.ts'
import { dat, flag, integer, text } from '../../settings.ts'
import { defineCommand } from '../command.ts'
import type { Output } from '../output.ts'
import { describeReport, TestnetView } from '../testnet-view.ts'
import { untilAborted } from '../until.ts'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
/** 64 KiB, and now and then sizes that fit nothing. */
const BLOCK_SIZES = [
  65_536, 65_536, 65_536, 1, 65_536, 65_536, 100_003, 65_536, 65_536, 4_097, 65_536, 65_535
]

/** A network of real processes on this machine. */
export const testnet = defineCommand({
  name: 'testnet',
  role: flags => (flags['once'] === true ? onceFolder() : 'testnet'),
  summary: 'Run a whole network on this machine, and have it pin a file',
  description:
    'Starts an embedded chain, a DHT, an author, a supporter, 3 signers, 4 pinners and 4 verifiers as processes of\n' +
    'their own, pins a file, and shows it live until Ctrl-C. Started again on the same storage, it goes on.',
  positionals: {
    file: text({ describe: "file to pin; this repository's own files by default", optional: true })
  },
  settings: {
    once: flag({ describe: 'end with a report once the whole job is done', flagOnly: true }),
    copies: integer({ min: 1, max: 4 }, { describe: 'copies to have made', fallback: '3' }),
    donate: dat({ describe: 'donation to the pot', fallback: '200' }),
    port: integer({ min: 0, max: 65_535 }, { describe: 'port of the chain, 0 for any', fallback: '0' }),
    blockTime: integer(
      { min: 100, max: 60_000 },
      { describe: 'milliseconds between blocks', fallback: '600' }
    )
  },
  examples: [
    ['datdot testnet', 'watch the network pin this repository'],
    ['datdot testnet video.mp4 --once', 'do the whole job once']
  ],
  async run(context, { file, once, copies, donate, port, blockTime, storage }) {
    const { output, signal, clock, env } = context
    await assertReadable(file)
    const { createTestnet } = await import('../../node/testnet/open.ts')
    const started = clock.monotonic()
    const input = file === null ? null : resolve(file)
    const options = { storage, input, copies, donation: donate, blockTimeMs: blockTime, port, signal }
    const net = createTestnet({ ...options, root: ROOT, blockSizes: BLOCK_SIZES }, env)
    const watched = await watch(net, output, { copies, storage, once })
    let isDone = false
    try {
      const dead = death(net)
      await net.ready()
      if (once) {
        const seconds = () => (clock.monotonic() - started) / 1000
        await doOnce(net, watched, { storage, copies, signal, output, seconds })
        isDone = true
      } else {
        if (output.json) output.line({ type: 'up', ...net.state })
        else output.note(describeNetwork(net, storage))
        await Promise.race([untilAborted(signal), dead])
      }
    } catch (error) {
      if (!signal.aborted) output.note(`what the nodes said is in ${watched.logs}`)
      throw error
    } finally {
      if (signal.aborted) watched.view.stage('closing the network')
      await net.close()
      const isOwn = once && storage === join(dataFolder({ env }), onceFolder())
      if (isOwn && (isDone || signal.aborted)) await rm(storage, { recursive: true, force: true })
    }
    return undefined
  }
})

interface OnceOptions {
  storage: string
  copies: number
  signal: AbortSignal
  output: Output
  /** Since the command began. */
  seconds(): number
}

/** The whole job, and its report. */
async function doOnce(
  net: Testnet,
  { ledger, view }: Watched,
  { output, seconds, ...options }: OnceOptions
): Promise<void> {
  const { runOnce } = await import('../../node/testnet/once.ts')
  const onStage = (name: string) => view.stage(name)
  const done = await runOnce(net, ledger, { input: net.input, onStage, ...options })
  const report = { ...done, seconds: seconds() }
  output.result({ ...report }, describeReport(report))
}

async function assertReadable(file: string | null): Promise<void> {
  if (file !== null)
    await access(file).catch(cause => {
      throw new DatdotError('NOT_FOUND', `${file} cannot be read`, { cause })
    })
}

type Watched = Awaited<ReturnType<typeof watch>>

/** Shows what happens in the network from now on, and keeps its books. */
async function watch(
  net: Testnet,
  output: Output,
  { copies, storage, once }: { copies: number; storage: string; once: boolean }
) {
  const { Ledger } = await import('../../node/testnet/ledger.ts')
  const { readStatus } = await import('../../node/supporter.ts')
  const ledger = new Ledger()
  const logs = join(storage, 'logs')
  const nameOf = (account: string) =>
    net.members.find(member => member.account === account)?.name ?? account.slice(0, 6)
  const view = new TestnetView(output, { ledger, copies, nameOf, logs })
  net.on(event => {
    if (event.type === 'head') ledger.take(event.events)
    view.take(event)
  })
  const account = () => net.members.find(member => member.role === 'supporter')?.account ?? null
  const read = async (event: Head) => {
    const status = await readStatus(event.snapshot, net.chain.constants.period, net.core, account())
    ledger.stand(status.copies)
    return status
  }
  net.on(statusOf(view, read, !once))
  return { ledger, view, logs }
}

const onceFolder = () => `testnet-once-${process.pid}`

type Head = Extract<TestnetEvent, { type: 'head' }>

/** Rejects when a process ends without which there is no network. */
function death(net: Testnet): Promise<never> {
  const dead = new Promise<never>((_, reject) => {
    net.on(event => {
      if (event.type === 'ended' && (event.name === 'chain' || event.name === 'dht')) reject(event.error)
    })
  })
  // Until the network is up its own opening fails with it.
  dead.catch(() => undefined)
  return dead
}

/** What there is, and what one can do with it. */
function describeNetwork(net: Testnet, storage: string): string {
  const program = relative(process.cwd(), fileURLToPath(new URL('../main.js', import.meta.url)))
  const { chain, bootstrap } = net.state
  const reach = `--host 127.0.0.1 --bootstrap ${bootstrap.join(',')}`
  return [
    `core   ${net.core}`,
    `read   node ${program} consumer get ${net.core} --out copy ${reach} --storage ${join(storage, 'reader')}`,
    `look   node ${program} supporter status ${net.core} --chain ${chain} ${reach} --storage ${join(storage, 'guest')}`,
    `chain  ${chain}`,
    `files  ${storage}: a folder for each node, logs/, testnet.json with keys and process ids`
  ].join('\n')
}

/** Shows the core's standing at each head, one reading at a time. */
function statusOf(
  view: TestnetView,
  read: (event: Head) => Promise<CoreStatus>,
  isRunning: boolean
): (event: TestnetEvent) => void {
  let reading = false
  return event => {
    if (event.type !== 'head' || reading) return
    reading = true
    read(event)
      .then(status => {
        if (isRunning) view.phase(status)
        view.status(status)
      })
      .catch((error: Error) => {
        if (!isDatdotError(error, 'ABORTED')) view.note(`the chain did not answer: ${error.message}`)
      })
      .finally(() => {
        reading = false
      })
  }
}
