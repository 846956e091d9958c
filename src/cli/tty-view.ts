import type { Clock } from '../clock.ts'
import { describeBar, drawBar, Meter, type Pace } from './meter.ts'
import type { ProgressEvent, Sink, View, ViewOptions } from './view.ts'

type Line =
  | { kind: 'row'; text: string }
  | { kind: 'bar'; bar: Extract<ProgressEvent, { type: 'bar' }>; pace: Pace }

/** Least time between two pictures. */
const FRAME_MS = 100
const DEFAULT_COLUMNS = 80
const DEFAULT_ROWS = 24
const LABEL_WIDTH = 24
const ESC = String.fromCharCode(27)
const CLEAR_BELOW = `${ESC}[0J`

/** A few lines on a terminal that are painted over in place; notes and logs stay above them. */
export class TtyView implements View {
  readonly #screen: Sink
  readonly #stderr: Sink
  readonly #clock: Clock
  readonly #meter = new Meter()
  readonly #lines = new Map<string, Line>()
  #stage = ''
  #painted = 0
  #lastFrame = Number.NEGATIVE_INFINITY
  #timer: NodeJS.Timeout | undefined

  constructor({ screen, stderr, clock }: ViewOptions) {
    this.#screen = screen
    this.#stderr = stderr
    this.#clock = clock
  }

  show(event: ProgressEvent): void {
    if (event.type === 'note') {
      this.#above(() => this.#screen.write(`${event.text}\n`))
      return
    }
    if (event.type === 'stage') this.#stage = event.name
    else if (event.type === 'row') this.#lines.set(event.id, { kind: 'row', text: event.text })
    else if (event.type === 'drop') this.#drop(event.id)
    else {
      const pace = this.#meter.note(event, this.#clock.monotonic())
      this.#lines.set(event.id, { kind: 'bar', bar: event, pace })
    }
    this.#schedule()
  }

  line(): void {}

  log(line: string): void {
    this.#above(() => this.#stderr.write(line))
  }

  result(_value: Record<string, unknown>, text: string): void {
    this.end()
    if (text !== '') this.#screen.write(`${text}\n`)
  }

  end(): void {
    this.#paint()
    this.#painted = 0
    this.#lines.clear()
    this.#stage = ''
  }

  #drop(id: string): void {
    this.#lines.delete(id)
    this.#meter.forget(id)
  }

  #above(write: () => void): void {
    this.#screen.write(this.#erase())
    this.#painted = 0
    write()
    this.#paint()
  }

  #schedule(): void {
    const wait = this.#lastFrame + FRAME_MS - this.#clock.monotonic()
    if (wait <= 0) this.#paint()
    else this.#timer ??= setTimeout(() => this.#paint(), wait).unref()
  }

  #paint(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#lastFrame = this.#clock.monotonic()
    const lines = this.#picture()
    const erase = this.#erase()
    this.#painted = lines.length
    if (erase !== '' || lines.length > 0) this.#screen.write(erase + lines.map(line => `${line}\n`).join(''))
  }

  #erase(): string {
    return this.#painted > 0 ? `${ESC}[${this.#painted}A\r${CLEAR_BELOW}` : ''
  }

  #picture(): string[] {
    const columns = (this.#screen.columns ?? DEFAULT_COLUMNS) - 1
    const rows = Math.max(2, (this.#screen.rows ?? DEFAULT_ROWS) - 1)
    const lines = [...(this.#stage ? [this.#stage] : []), ...[...this.#lines.values()].map(drawLine)]
    const shown =
      lines.length > rows ? [...lines.slice(0, rows - 1), `… ${lines.length - rows + 1} more`] : lines
    return shown.map(line => fit(line, columns))
  }
}

function drawLine(line: Line): string {
  if (line.kind === 'row') return line.text
  const { bar, pace } = line
  return `${bar.label.padEnd(LABEL_WIDTH)} ${drawBar(bar.done, bar.total)} ${describeBar(bar, pace)}`
}

/** One line of the terminal, without what would move the cursor. */
function fit(line: string, columns: number): string {
  const flat = line.replace(/\p{Cc}/gu, ' ')
  return flat.length > columns ? `${flat.slice(0, columns - 1)}…` : flat
}
