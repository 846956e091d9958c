import { formatBytes } from '../domain/amounts.ts'
import type { ProgressEvent } from './view.ts'

type Bar = Extract<ProgressEvent, { type: 'bar' }>
type Sample = { at: number; done: number }

/** Milliseconds that a rate looks back, and the least between two samples. */
const WINDOW_MS = 10_000
const STEP_MS = 500

/** Rate and time left of a bar; null while unknown. */
export interface Pace {
  perSecond: number | null
  etaSeconds: number | null
}

/** Works out the pace of bars from what they reported in the last ten seconds. */
export class Meter {
  readonly #samples = new Map<string, Sample[]>()

  /** Takes a report at a monotonic time in milliseconds. */
  note(bar: Bar, at: number): Pace {
    let samples = this.#samples.get(bar.id) ?? []
    const last = samples.at(-1)
    if (last && bar.done < last.done) samples = []
    if (!last || samples.length === 0 || at - last.at >= STEP_MS) samples.push({ at, done: bar.done })
    while (samples.length > 2 && at - (samples[1]?.at ?? at) > WINDOW_MS) samples.shift()
    this.#samples.set(bar.id, samples)
    const first = samples[0]
    const elapsed = first ? at - first.at : 0
    if (!first || elapsed < STEP_MS) return { perSecond: null, etaSeconds: null }
    const perSecond = ((bar.done - first.done) * 1000) / elapsed
    return { perSecond, etaSeconds: perSecond > 0 ? Math.ceil((bar.total - bar.done) / perSecond) : null }
  }

  forget(id: string): void {
    this.#samples.delete(id)
  }
}

const BAR_WIDTH = 20

/** "[#####...............]", full only when all is done. */
export function drawBar(done: number, total: number): string {
  const filled = total > 0 ? Math.min(BAR_WIDTH, Math.floor((done / total) * BAR_WIDTH)) : BAR_WIDTH
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}]`
}

/** "1m 05s". */
export function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}m ${String(seconds % 60).padStart(2, '0')}s`
  return `${Math.floor(minutes / 60)}h ${String(minutes % 60).padStart(2, '0')}m`
}

/** "45%  9.0 MiB of 20.0 MiB  1.2 MiB/s  eta 9s". */
export function describeBar(bar: Bar, pace: Pace): string {
  const amount = (value: number) => (bar.unit === 'bytes' ? formatBytes(value) : String(value))
  const percent = bar.total > 0 ? Math.floor((bar.done / bar.total) * 100) : 100
  const parts = [`${String(percent).padStart(3)}%`, `${amount(bar.done)} of ${amount(bar.total)}`]
  if (pace.perSecond !== null && bar.done < bar.total) {
    const rate = bar.unit === 'bytes' ? Math.round(pace.perSecond) : Number(pace.perSecond.toFixed(1))
    parts.push(`${amount(rate)}/s`)
    if (pace.etaSeconds !== null) parts.push(`eta ${formatSeconds(pace.etaSeconds)}`)
  }
  return parts.join('  ')
}
