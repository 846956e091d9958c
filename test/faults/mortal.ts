import assert from 'node:assert/strict'
import type { Lab } from '../e2e/cli/lab.ts'
import type { Line, Program } from '../e2e/cli/program.ts'

const WRONG_CLOCK = new URL('./wrong-clock.js', import.meta.url)
const HOUR_MS = 3_600_000

/**
 * A process that may be killed and is started again on its folder, its clock then an hour fast in one life and an hour slow in the
 * next. Right in the first: hypercore compares the time that its store's first file says with the system's.
 */
export class Mortal {
  readonly name: string
  readonly args: readonly string[]
  /** One process after another: the last one runs. */
  readonly lives: Program[] = []
  readonly #lab: Lab

  constructor(lab: Lab, name: string, args: readonly string[]) {
    this.#lab = lab
    this.name = name
    this.args = args
  }

  start(): void {
    const clockMs = [0, HOUR_MS, -HOUR_MS][this.lives.length % 3]
    const env = { NODE_OPTIONS: `--import=${WRONG_CLOCK}`, TEST_CLOCK_MS: String(clockMs) }
    this.lives.push(this.#lab.start(this.name, this.args, { env }))
  }

  /** SIGKILL, which no process can answer, and a new one on the same folder. */
  async killAndStart(): Promise<void> {
    const { signal } = await this.now.stop('SIGKILL')
    assert.equal(signal, 'SIGKILL', `${this.name} had ended before it was killed`)
    this.start()
  }

  get now(): Program {
    const life = this.lives.at(-1)
    assert.ok(life, `${this.name} was not started`)
    return life
  }

  /** The first line of the life that runs which is accepted. */
  line(accept: (line: Line) => boolean): Promise<Line> {
    return this.now.line(accept)
  }

  /** What it said of a kind in each life. */
  said(type: string): Line[][] {
    return this.lives.map(life => life.lines.filter(line => line.type === type))
  }
}
