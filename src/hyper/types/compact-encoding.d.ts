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
    uint: Encoding<number>
    biguint64: Encoding<bigint>
    fixed32: Encoding<Uint8Array>
    fixed64: Encoding<Uint8Array>
    raw: Encoding<Uint8Array>
    buffer: Encoding<Uint8Array | null>
    uint8: Encoding<number>
    uint16: Encoding<number>
    uint32: Encoding<number>
    encode<T>(encoding: Encoding<T>, value: T): Buffer
    decode<T>(encoding: Encoding<T>, buffer: Uint8Array): T
  }

  const c: CompactEncoding
  export default c
}
