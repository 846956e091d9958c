import type { Clock } from '../clock.ts'
import { toJson } from './json.ts'
import { Meter } from './meter.ts'
import type { ProgressEvent, Sink, View, ViewOptions } from './view.ts'

/** Least time between two lines of one bar. */
const BAR_EVERY_MS = 500

/** One JSON object a line, each with a `type`. */
export class JsonView implements View {
  readonly #screen: Sink
  readonly #stderr: Sink
  readonly #clock: Clock
  readonly #meter = new Meter()
  readonly #lastBar = new Map<string, number>()

  constructor({ screen, stderr, clock }: ViewOptions) {
    this.#screen = screen
    this.#stderr = stderr
    this.#clock = clock
  }

  show(event: ProgressEvent): void {
    if (event.type === 'bar') this.#bar(event)
    else if (event.type === 'row') this.line({ type: 'row', id: event.id, text: event.text, ...event.fields })
    else if (event.type === 'note') this.line({ type: 'note', text: event.text, ...event.fields })
    else this.line({ ...event })
  }

  line(value: Record<string, unknown>): void {
    this.#screen.write(`${toJson(value)}\n`)
  }

  log(line: string): void {
    this.#stderr.write(line)
  }

  result(value: Record<string, unknown>): void {
    this.line({ type: 'result', ...value })
  }

  end(): void {}

  #bar(bar: Extract<ProgressEvent, { type: 'bar' }>): void {
    const now = this.#clock.monotonic()
    const pace = this.#meter.note(bar, now)
    const last = this.#lastBar.get(bar.id)
    if (last !== undefined && now - last < BAR_EVERY_MS && bar.done < bar.total) return
    this.#lastBar.set(bar.id, now)
    this.line({ ...bar, ...pace })
  }
}
