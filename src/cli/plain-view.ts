import type { Clock } from '../clock.ts'
import { describeBar, Meter } from './meter.ts'
import type { ProgressEvent, Sink, View, ViewOptions } from './view.ts'

/** A bar gets a new line at each of this many parts, or after this time. */
const BAR_PARTS = 10
const BAR_EVERY_MS = 10_000

/** Plain lines for pipes and files: a line where something changed, and bars now and then. */
export class PlainView implements View {
  readonly #screen: Sink
  readonly #stderr: Sink
  readonly #clock: Clock
  readonly #meter = new Meter()
  readonly #rows = new Map<string, string>()
  readonly #bars = new Map<string, { part: number; at: number }>()
  #stage = ''

  constructor({ screen, stderr, clock }: ViewOptions) {
    this.#screen = screen
    this.#stderr = stderr
    this.#clock = clock
  }

  show(event: ProgressEvent): void {
    if (event.type === 'bar') this.#bar(event)
    else if (event.type === 'note') this.#screen.write(`${event.text}\n`)
    else if (event.type === 'row') this.#row(event.id, event.text)
    else if (event.type === 'stage') this.#showStage(event.name)
    else this.#drop(event.id)
  }

  line(): void {}

  log(line: string): void {
    this.#stderr.write(line)
  }

  result(_value: Record<string, unknown>, text: string): void {
    if (text !== '') this.#screen.write(`${text}\n`)
  }

  end(): void {}

  #showStage(name: string): void {
    if (name === this.#stage) return
    this.#stage = name
    this.#screen.write(`== ${name}\n`)
  }

  #row(id: string, text: string): void {
    if (this.#rows.get(id) === text) return
    this.#rows.set(id, text)
    this.#screen.write(`${text}\n`)
  }

  #drop(id: string): void {
    this.#rows.delete(id)
    this.#bars.delete(id)
    this.#meter.forget(id)
  }

  #bar(bar: Extract<ProgressEvent, { type: 'bar' }>): void {
    const at = this.#clock.monotonic()
    const pace = this.#meter.note(bar, at)
    const part = bar.total > 0 ? Math.floor((bar.done / bar.total) * BAR_PARTS) : BAR_PARTS
    const last = this.#bars.get(bar.id)
    if (last && last.part === part && (part === BAR_PARTS || at - last.at < BAR_EVERY_MS)) return
    this.#bars.set(bar.id, { part, at })
    this.#screen.write(`${bar.label}  ${describeBar(bar, pace)}\n`)
  }
}
