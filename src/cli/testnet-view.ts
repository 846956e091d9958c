import { formatDat } from '../domain/amounts.ts'
import type { CoreStatus } from '../node/supporter.ts'
import type { Ledger, SettledPeriod } from '../node/testnet/ledger.ts'
import type { OnceReport } from '../node/testnet/once.ts'
import type { TestnetEvent } from '../node/testnet/testnet.ts'
import type { Output } from './output.ts'
import { statusRows } from './status-view.ts'

/** Sums of a long step over all spans. */
class Sums {
  readonly #done = new Map<string, number>()

  /** Takes one span's progress and returns the sum; what was done before a restart still counts. */
  note(span: string, bytes: number): number {
    this.#done.set(span, Math.max(bytes, this.#done.get(span) ?? 0))
    return [...this.#done.values()].reduce((sum, one) => sum + one, 0)
  }
}

const STEPS = { encode: 'encode', transfer: 'send to pinners' } as const

/** One line for a settled period. */
export function describePeriod(one: SettledPeriod): string {
  return `period ${one.period}  ${one.copies} copies, ${one.proved} proved, ${one.served} served  minted ${formatDat(one.minted)}  burned ${formatDat(one.burned)}`
}

/** Draws a local network: what is encoded and sent, a line a copy, the pot, the last settled period. */
export class TestnetView {
  readonly #output: Output
  readonly #ledger: Ledger
  readonly #rows: (status: CoreStatus) => void
  readonly #sums = { encode: new Sums(), transfer: new Sums() }
  #total = 0

  constructor(output: Output, ledger: Ledger) {
    this.#output = output
    this.#ledger = ledger
    this.#rows = statusRows(output)
  }

  stage(name: string): void {
    this.#output.show({ type: 'stage', name })
  }

  note(text: string): void {
    this.#output.note(text)
  }

  status(status: CoreStatus): void {
    const bytes = status.copies.flatMap(copy => copy.spans.map(span => span.byteLength))
    this.#total = bytes.reduce((sum, one) => sum + one, 0)
    this.#rows(status)
    const last = this.#ledger.periods.at(-1)
    if (last && !this.#output.json)
      this.#output.show({ type: 'row', id: 'settled', text: `settled ${describePeriod(last)}`, fields: {} })
  }

  take(event: TestnetEvent): void {
    if (event.type === 'stage') this.stage(event.name)
    else if (event.type === 'ended') this.#output.note(`${event.name} ended: ${event.reason}`, { ...event })
    else if (event.type === 'member') this.#member(event)
    else if (this.#output.json)
      for (const one of event.events)
        if (one.event === 'Settled') this.#output.line({ type: 'settled', height: event.height, ...one })
  }

  #member({ member, line }: Extract<TestnetEvent, { type: 'member' }>): void {
    if (this.#output.json) {
      this.#output.line({ type: 'node', name: member.name, role: member.role, line })
      return
    }
    if (line.type === 'warning') this.#output.note(`${member.name}: ${line['text']}`)
    const step = line.type === 'encode' ? 'encode' : line.type === 'transfer' ? 'transfer' : null
    if (step === null || line['direction'] === 'in' || this.#total === 0) return
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
    ...report.periods.map(describePeriod),
    'read back from the pinners alone, equal byte for byte:',
    ...report.served.map(({ name, blocks, bytes }) => `  ${name}  ${blocks} blocks, ${bytes} bytes`),
    `done in ${report.seconds.toFixed(1)} s`
  ].join('\n')
}
