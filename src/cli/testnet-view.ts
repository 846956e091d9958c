import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { formatDat } from '../domain/amounts.ts'
import type { CopyId, Period } from '../domain/ids.ts'
import type { CopyState } from '../domain/states.ts'
import type { CopyStatus, CoreStatus } from '../node/supporter.ts'
import type { Ledger, SettledPeriod } from '../node/testnet/ledger.ts'
import type { OnceReport } from '../node/testnet/once.ts'
import type { TestnetEvent } from '../node/testnet/testnet.ts'
import type { Output } from './output.ts'
import { describeCopy, describePot, type NameOf, roundDat } from './status-view.ts'

/** Sums of a long step over all spans. */
class Sums {
  readonly #done = new Map<string, number>()

  /** Takes one span's progress and returns the sum; what was done before a restart still counts. */
  note(span: string, bytes: number): number {
    this.#done.set(span, Math.max(bytes, this.#done.get(span) ?? 0))
    return [...this.#done.values()].reduce((sum, one) => sum + one, 0)
  }
}

/** What of a copy is worth a line of its own. */
interface Standing {
  state: CopyState
  lastSettled: Period
  /** The period of the last proof that was seen. */
  lastProved: Period | null
}

const STEPS = { encode: 'encode', transfer: 'send' } as const

/** One line for a settled period. */
function describePeriod(one: SettledPeriod, money = formatDat): string {
  const { period, copies, proved, served, minted, burned } = one
  return `period ${period}: ${copies} copies, ${proved} proved, ${served} served, minted ${money(minted)}, burned ${money(burned)}`
}

export interface TestnetViewOptions {
  ledger: Ledger
  /** Copies that are asked for. */
  copies: number
  /** A member's name, or a short form of the account. */
  nameOf: NameOf
  /** Folder of what the nodes say on stderr. */
  logs: string
}

/** Draws a local network: what is encoded and sent, a line a copy, the pot, the last settled period. */
export class TestnetView {
  readonly #output: Output
  readonly #options: TestnetViewOptions
  readonly #sums = { encode: new Sums(), transfer: new Sums() }
  readonly #shown = new Set<string>()
  readonly #known = new Map<CopyId, Standing>()
  #total = 0
  #settled = 0

  constructor(output: Output, options: TestnetViewOptions) {
    this.#output = output
    this.#options = options
  }

  stage(name: string): void {
    this.#output.show({ type: 'stage', name })
  }

  note(text: string): void {
    this.#output.note(text)
  }

  /** What the whole network does at this head, for as long as it runs. */
  phase(status: CoreStatus): void {
    const active = status.copies.filter(copy => copy.state === 'Active').length
    const { copies } = this.#options
    if (active >= copies)
      this.stage(`${active} copies active: proved, measured and paid each period; Ctrl-C closes the network`)
    else if (status.copies.length === 0) this.stage(`drawing signers and pinners for ${copies} copies`)
    else this.stage(`encoding and sending: ${active} of ${copies} copies active`)
  }

  status(status: CoreStatus): void {
    const bytes = status.copies.flatMap(copy => copy.spans.map(span => span.byteLength))
    this.#total = bytes.reduce((sum, one) => sum + one, 0)
    if (this.#output.json) {
      this.#output.line({ type: 'status', ...status })
      return
    }
    if (this.#output.live) this.#rows(status)
    else for (const copy of status.copies) this.#news(copy, status.period)
    this.#periods(status)
  }

  take(event: TestnetEvent): void {
    if (event.type === 'stage') this.stage(event.name)
    else if (event.type === 'warning') this.note(event.text)
    else if (event.type === 'ended') this.#ended(event)
    else if (event.type === 'member') this.#member(event)
    else if (this.#output.json)
      for (const one of event.events)
        if (one.event === 'Settled') this.#output.line({ type: 'settled', height: event.height, ...one })
  }

  /** In the order of the first showing; what is long under way comes below. */
  #rows(status: CoreStatus): void {
    this.#row('head', `block ${status.height}, period ${status.period}`)
    this.#row('pot', describePot(status))
    const last = this.#options.ledger.periods.at(-1)
    this.#row(
      'settled',
      last ? `last settled: ${describePeriod(last, roundDat)}` : 'no period is settled yet'
    )
    const lines = [
      ...status.copies.map(copy => [`copy ${copy.copy}`, this.#copyLine(copy)] as const),
      ...status.notes.map((note, i) => [`note ${i}`, note] as const)
    ]
    for (const id of this.#shown)
      if (!lines.some(([name]) => name === id)) this.#output.show({ type: 'drop', id })
    this.#shown.clear()
    for (const [id, text] of lines) {
      this.#shown.add(id)
      this.#row(id, text)
    }
  }

  /** Where lines stay, a copy has a new one only with another state, a proof or a settlement. */
  #news(copy: CopyStatus, period: Period): void {
    const { state, proved, lastSettled } = copy
    const known = this.#known.get(copy.copy)
    const now = { state, lastSettled, lastProved: proved ? period : (known?.lastProved ?? null) }
    if (known && isDeepStrictEqual(known, now)) return
    this.#known.set(copy.copy, now)
    this.note(this.#copyLine(copy))
  }

  /** Where lines stay, each settled period is one. */
  #periods(status: CoreStatus): void {
    if (this.#output.live) return
    for (const one of this.#options.ledger.periods) {
      if (one.period <= this.#settled || one.copies < status.copies.length) continue
      this.#settled = one.period
      this.note(`${describePeriod(one, roundDat)}; ${describePot(status)}`)
    }
  }

  #copyLine(copy: CopyStatus): string {
    return describeCopy(copy, true, this.#options.nameOf)
  }

  #row(id: string, text: string): void {
    this.#output.show({ type: 'row', id, text, fields: {} })
  }

  #ended({ name, reason }: Extract<TestnetEvent, { type: 'ended' }>): void {
    this.#output.note(`${name} ended: ${reason} (more in ${join(this.#options.logs, `${name}.log`)})`, {
      ended: name,
      reason
    })
  }

  #member({ member, line }: Extract<TestnetEvent, { type: 'member' }>): void {
    if (this.#output.json) {
      // Its own reading of each head stands beside it already.
      if (line.type !== 'height' && line.type !== 'status')
        this.#output.line({ type: 'node', name: member.name, role: member.role, line })
      return
    }
    if (line.type === 'warning') this.#output.note(`${member.name}: ${line['text']}`)
    const step = line.type === 'encode' ? 'encode' : line.type === 'transfer' ? 'transfer' : null
    if (step === null || this.#total === 0) return
    const done = this.#sums[step].note(String(line['span']), Number(line['bytes']))
    const total = Math.max(this.#total, done)
    this.#output.show({ type: 'bar', id: step, label: STEPS[step], done, total, unit: 'bytes' })
    if (done === total) this.#output.show({ type: 'drop', id: step })
  }
}

/** The report of `--once` as text. */
export function describeReport(report: OnceReport): string {
  return [
    `core ${report.core}: ${report.bytes} bytes, ${report.copies} copies`,
    ...report.periods.map(one => describePeriod(one)),
    'read back from the pinners alone, equal byte for byte:',
    ...report.served.map(({ name, blocks, bytes }) => `  ${name}  ${blocks} blocks, ${bytes} bytes`),
    `done in ${report.seconds.toFixed(1)} s`
  ].join('\n')
}
