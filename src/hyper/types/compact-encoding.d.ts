declare module 'compact-encoding' {
  export interface State {
    start: number
    end: number
    buffer: Buffer | null
  }

  export interface Encoding<T> {
    preencode(state: State, value: T): void
    encode(state: State, value: T): void
    decode(state: State): T
  }

  interface CompactEncoding {
    uint16: Encoding<number>
    uint32: Encoding<number>
    /** Numbers below 2^53 only. */
    uint64: Encoding<number>
    biguint64: Encoding<bigint>
    raw: Encoding<Uint8Array>
    encode<T>(encoding: Encoding<T>, value: T): Buffer
  }

  const c: CompactEncoding
  export default c
}
