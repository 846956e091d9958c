import type { CommonConfig } from '../../config.ts'
import { formatBytes, formatDat } from '../../domain/amounts.ts'
import { DatdotError } from '../../domain/errors.ts'
import type { CoreKey } from '../../domain/ids.ts'
import type { Quote } from '../../domain/quote.ts'
import type { CoreStatus, SupporterNode } from '../../node/supporter.ts'
import { coreKey, dat, flag, integer } from '../../settings.ts'
import { type Context, defineCommand, EXIT } from '../command.ts'
import { showEvents } from '../node-view.ts'
import { describeStatus, statusRows } from '../status-view.ts'

const MAX_COPIES = 16
const core = coreKey({ describe: 'key of the core' })
const copies = integer({ min: 1, max: MAX_COPIES }, { describe: 'how many copies', fallback: '3' })

/** How long peers are looked for. */
const patience = integer(
  { min: 1, max: 86_400 },
  { describe: 'seconds to look for a peer that serves the core; for ever by default', optional: true }
)

async function withNode<T>(
  context: Context,
  config: CommonConfig,
  work: (node: SupporterNode) => Promise<T>
): Promise<T> {
  const { SupporterNode } = await import('../../node/supporter.ts')
  const node = new SupporterNode(config, { signal: context.signal })
  node.events.on(showEvents(context.output, context.clock))
  try {
    await node.ready()
    return await work(node)
  } finally {
    await node.close()
  }
}

function inMs(seconds: number | null): { patienceMs: number | null } {
  return { patienceMs: seconds === null ? null : 1_000 * seconds }
}

function describeQuote(quote: Quote): string {
  const { lasts } = quote
  return [
    `${quote.copies} copies of ${formatBytes(quote.byteLength)}`,
    `set-up   ${formatDat(quote.setupPerCopy)} a copy, paid to its signers in parts`,
    `upkeep   at most ${formatDat(quote.perPeriod)} a period of ${quote.periodMs / 1000} s, ${formatDat(quote.perDay)} a day`,
    `lock     ${formatDat(quote.lockPerCopy)} a copy must be free in the pot before it is drawn`,
    `donate   at least ${formatDat(quote.least)}`,
    lasts
      ? `lasts    ${formatDat(lasts.amount)} pays for at least ${lasts.periods} periods after the set-up (${(lasts.ms / 86_400_000).toFixed(2)} days)`
      : 'lasts    give --donate at least that amount to see how long it lasts',
    'Providers are paid by their reputation R ≤ 1, so it may last longer. Publishing a key publishes the right to read it.'
  ].join('\n')
}

/** What a pin would cost. */
export const supporterQuote = defineCommand({
  name: 'supporter quote',
  role: 'supporter',
  summary: 'Say what q copies of a core cost, and how long a donation lasts',
  positionals: { core },
  settings: { copies, donate: dat({ describe: 'donation to reckon with', fallback: '0' }), patience },
  examples: [['datdot supporter quote 1a2b…64-digits… --copies 3 --donate 100', 'before paying']],
  run: (context, { core, copies, donate, patience, ...config }) =>
    withNode(context, config, async node => {
      const quote = await node.role(core, inMs(patience)).quote(copies, donate, context.signal)
      context.output.result({ core, ...quote }, describeQuote(quote))
      return undefined
    })
})

/** Publishes, donates and waits for the copies. */
export const supporterPin = defineCommand({
  name: 'supporter pin',
  role: 'supporter',
  summary: 'Have q copies of a core made and kept: publish, donate, wish',
  description:
    'Publishes the core on the chain (which publishes the right to read it), donates to its pot, and waits until the\n' +
    'copies are active. The core needs to be served by someone; its author need not know. Run again with the same words\n' +
    'after an interruption, and always with --watch, it goes on and does not donate a second time.',
  positionals: { core },
  settings: {
    copies,
    donate: dat({ describe: 'donation to the pot of the core' }),
    patience,
    noWait: flag({ describe: 'end as soon as the donation is in the pot', flagOnly: true }),
    watch: flag({ describe: 'go on watching when the copies are active', flagOnly: true })
  },
  examples: [['datdot supporter pin 1a2b…64-digits… --copies 3 --donate 100', 'pin a core three times']],
  run: (context, { core, copies, donate, patience, noWait, watch, ...config }) =>
    withNode(context, config, async node => {
      const supporter = node.role(core, { ...inMs(patience), order: 'pin' })
      await supporter.assertCanDonate(donate, copies, true)
      await supporter.publish(context.signal)
      await supporter.donate(donate, copies, context.signal)
      const enough = (status: CoreStatus) =>
        status.copies.filter(copy => copy.state === 'Active').length >= copies
      if (noWait) {
        await supporter.endDonation()
        return undefined
      }
      const { last, isEnough } = await follow(context, node, core, enough)
      // Whoever watches is started again with the machine: that must not donate each time.
      if (watch) return isEnough ? await watchOn(context, node, core) : undefined
      if (isEnough) await supporter.endDonation()
      if (last) context.output.result({ ...last }, describeStatus(last))
      return isEnough ? undefined : EXIT.incomplete
    })
})

/** Donates to a pot. */
export const supporterDonate = defineCommand({
  name: 'supporter donate',
  role: 'supporter',
  summary: 'Donate to the pot of a core that is published',
  positionals: { core },
  settings: {
    amount: dat({ describe: 'how much' }),
    copies: integer(
      { min: 0, max: MAX_COPIES },
      { describe: 'copies to wish for; as before by default', optional: true }
    )
  },
  examples: [['datdot supporter donate 1a2b…64-digits… --amount 25', 'let it last longer']],
  run: (context, { core, amount, copies, ...config }) =>
    withNode(context, config, async node => {
      const supporter = node.role(core)
      const wish = copies ?? (await supporter.status(context.signal)).share?.wish ?? 1
      await supporter.donate(amount, wish, context.signal)
      await show(context, node, core)
      // Last of all: a run that fails before is run again, and must not give again.
      await supporter.endDonation()
      return undefined
    })
})

/** Changes how many copies this donor wants. */
export const supporterWish = defineCommand({
  name: 'supporter wish',
  role: 'supporter',
  summary: 'Change how many copies your shares wish for',
  positionals: { core },
  settings: { copies: integer({ min: 0, max: MAX_COPIES }, { describe: 'how many copies' }) },
  examples: [['datdot supporter wish 1a2b…64-digits… --copies 0', 'let the copies end']],
  run: (context, { core, copies, ...config }) =>
    withNode(context, config, async node => {
      await node.role(core).wish(copies, context.signal)
      return await show(context, node, core)
    })
})

/** Takes a share of a pot back. */
export const supporterReclaim = defineCommand({
  name: 'supporter reclaim',
  role: 'supporter',
  summary: 'Take your part of a pot back, once no copy and no request is left',
  positionals: { core },
  examples: [['datdot supporter reclaim 1a2b…64-digits…', 'after the copies ended']],
  run: (context, { core, ...config }) =>
    withNode(context, config, async node => {
      await node.role(core).reclaim(context.signal)
      return await show(context, node, core)
    })
})

/** Shows how a core stands. */
export const supporterStatus = defineCommand({
  name: 'supporter status',
  role: 'supporter',
  summary: 'Show copies, proofs, reputations and the pot of a core, or of all that you support',
  positionals: {
    core: coreKey({ describe: 'key of the core; all that you support by default', optional: true })
  },
  settings: { watch: flag({ describe: 'go on, and do what is due for the core', flagOnly: true }) },
  examples: [
    ['datdot supporter status', 'all cores that you support'],
    ['datdot supporter status 1a2b…64-digits… --watch', 'follow one core']
  ],
  run: (context, { core, watch, ...config }) => {
    if (core === null && watch)
      throw new DatdotError(
        'BAD_ARGUMENT',
        '--watch follows one core: name it (see datdot supporter status --help)'
      )
    return withNode(context, config, async node => {
      if (core !== null) return watch ? await watchOn(context, node, core) : await show(context, node, core)
      const snapshot = await node.chain.snapshot()
      const statuses: CoreStatus[] = []
      for await (const { key } of snapshot.cores())
        if (await snapshot.shares(key, node.identity.account))
          statuses.push(await node.role(key).status(context.signal))
      context.output.result(
        { account: node.identity.account, cores: statuses },
        statuses.map(describeStatus).join('\n\n') || 'this account supports no core'
      )
      return undefined
    })
  }
})

async function show(context: Context, node: SupporterNode, core: CoreKey): Promise<undefined> {
  const status = await node.role(core).status(context.signal)
  context.output.result({ ...status }, describeStatus(status))
  return undefined
}

/** Watches until it is enough or the signal fires; resolves with the last that was seen. */
async function follow(
  context: Context,
  node: SupporterNode,
  core: CoreKey,
  enough: (status: CoreStatus) => boolean
): Promise<{ last: CoreStatus | undefined; isEnough: boolean }> {
  const supporter = node.role(core)
  const reached = new AbortController()
  const rows = statusRows(context.output)
  let last: CoreStatus | undefined
  supporter.onStatus(status => {
    last = status
    rows(status)
    if (enough(status)) reached.abort()
  })
  await supporter.run(AbortSignal.any([context.signal, reached.signal]))
  return { last, isEnough: reached.signal.aborted }
}

/** Watches until Ctrl-C, which is its end. */
async function watchOn(context: Context, node: SupporterNode, core: CoreKey): Promise<undefined> {
  await follow(context, node, core, () => false)
}
