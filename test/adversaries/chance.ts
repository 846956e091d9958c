import assert from 'node:assert/strict'

/** Standard deviations that a share may be off: by chance less than once in a million, and the seeds are fixed. */
const SIGMAS = 5

/** Exact chance that `samples` different leaves out of `total` hit one of `bad`. */
export function noticed(total: number, bad: number, samples: number): number {
  let missed = 1
  for (let i = 0; i < samples; i++) missed *= (total - bad - i) / (total - i)
  return 1 - missed
}

/** Asserts that something happened as often as its chance says. */
export function assertShare(what: string, count: number, of: number, chance: number): void {
  const allowed = SIGMAS * Math.sqrt((chance * (1 - chance)) / of) + 1 / of
  const share = count / of
  assert.ok(
    Math.abs(share - chance) <= allowed,
    `${what}: ${share}, predicted ${chance}, allowed ± ${allowed}`
  )
}
