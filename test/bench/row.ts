/** One measured figure. */
export interface Row {
  subject: string
  what: string
  value: number
  unit: string
  /** The value against what it was measured beside: another way in the same run, or a smaller core. */
  ratio?: number
  /** What the ratio, or without one the value, should be. */
  target?: string
}

/** How a subject is measured. */
export interface BenchOptions {
  /** Fewer rounds and smaller cores. */
  quick: boolean
  /** A folder of its own that is removed afterwards. */
  folder: string
  /** Says what is being measured now. */
  say(what: string): void
}

/** Measures one subject. */
export type Subject = (options: BenchOptions) => Promise<Row[]>

/** The middle value, the upper one of two; 0 of none. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0
}

/** Milliseconds that some work took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** What one of two ways gave, round by round, beside the other. */
export interface Comparison {
  /** Median of the first way. */
  value: number
  /** Median of the way that it is measured beside. */
  beside: number
  /** Median of the rounds' ratios. */
  ratio: number
}

/** Takes turns, after one round of each that does not count, so that other load on the machine meets both. */
export async function inTurns(
  rounds: number,
  way: () => Promise<number>,
  beside: () => Promise<number>
): Promise<Comparison> {
  const pairs: [number, number][] = []
  for (let round = 0; round <= rounds; round++) pairs.push([await beside(), await way()])
  const counted = pairs.slice(1)
  return {
    value: median(counted.map(([, value]) => value)),
    beside: median(counted.map(([value]) => value)),
    ratio: median(counted.map(([other, own]) => own / other))
  }
}
