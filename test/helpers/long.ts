/** Whether the tests run in their long form: `npm run test:long`. */
export const isLong = process.env['DATDOT_LONG'] !== undefined

/** The amount of work for this run: what CI can afford, or what the claim is about. */
export function scaled(short: number, long: number): number {
  return isLong ? long : short
}
