/** One JSON line's text: bigint as decimal strings, bytes as hex. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => {
    if (typeof one === 'bigint') return one.toString()
    if (one instanceof Uint8Array) return Buffer.from(one).toString('hex')
    return one
  })
}
