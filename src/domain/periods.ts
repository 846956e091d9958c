/** Blocks between a request's block and those that its seed mixes (protocol.md 9.1): index of the seed that an input uses. */
export function seedOfInput(height: number, seedWindow: number): number {
  return Math.floor(height / seedWindow) + 2
}

/** A role slot takes part in draws with seed s when it began before this block. */
export function registrationLimit(s: number, seedWindow: number): number {
  return Math.max(0, s - 1) * seedWindow
}

/** First block of a period. */
export function periodStart(period: number, periodLength: number): number {
  return period * periodLength
}

/** The period that a block is in. */
export function periodOf(height: number, periodLength: number): number {
  return Math.floor(height / periodLength)
}

/** Index of the newest seed at a period's first block. */
export function periodSeedIndex(period: number, periodLength: number, seedWindow: number): number {
  return Math.floor(periodStart(period, periodLength) / seedWindow)
}

/** The first period of a copy that became active at a block: its seed is drawn two windows later or more. */
export function firstPeriod(height: number, periodLength: number, seedWindow: number): number {
  return Math.ceil((seedOfInput(height, seedWindow) * seedWindow) / periodLength)
}

/** True when a period's seed is young enough for a copy; else the copy's first period moves on (protocol.md 9.1). */
export function isPeriodOfCopy(
  { earliestSeed }: { earliestSeed: number },
  { seedIndex }: { seedIndex: number }
): boolean {
  return seedIndex >= earliestSeed
}

/** True from the block on at which a period may be settled: its end and the grace (protocol.md 9.5). */
export function isSettleable(period: number, height: number, periodLength: number, grace: number): boolean {
  return height >= periodStart(period + 1, periodLength) + grace
}

/** True while a period's proofs and reports are taken. */
export function isRecordOpen(period: number, height: number, periodLength: number, grace: number): boolean {
  return height >= periodStart(period, periodLength) && !isSettleable(period, height, periodLength, grace)
}

/** True when a verifier's slot counts for a period: registered a period before, and not ending before the next is over. */
export function isVerifierSlot(
  period: number,
  { since, until }: { since: number; until: number | null },
  periodLength: number
): boolean {
  if (period < 1 || since >= periodStart(period - 1, periodLength)) return false
  return until === null || until > periodStart(period + 1, periodLength)
}

/** Block at which a slot ends that is given up at `height`. */
export function slotEnd(height: number, periodLength: number): number {
  return periodStart(periodOf(height, periodLength) + 2, periodLength)
}
