import { DatdotError } from '../domain/errors.ts'

/** How a table's keys stand in the database: texts that sort like the keys. */
export interface KeyFormat<K> {
  write(key: K): string
  /** Of a text that `write` made; throws BAD_ARGUMENT for others. */
  read(text: string): K
}

function hexKey<K extends number | bigint>(digits: number, read: (text: string) => K): KeyFormat<K> {
  const pattern = new RegExp(`^[0-9a-f]{${digits}}$`)
  return {
    write: key => {
      const text = key.toString(16).padStart(digits, '0')
      if (!pattern.test(text)) throw new DatdotError('BAD_ARGUMENT', `${key} does not fit a key`)
      return text
    },
    read: text => {
      if (!pattern.test(text)) throw new DatdotError('BAD_ARGUMENT', `"${text}" is not a key`)
      return read(text)
    }
  }
}

/** Ids of the chain, 0 … 2^64-1. */
export const u64: KeyFormat<bigint> = hexKey(16, text => BigInt(`0x${text}`))
/** Periods and heights, 0 … 2^32-1. */
export const u32: KeyFormat<number> = hexKey(8, text => Number.parseInt(text, 16))

/** Short words: letters, digits, ".", "-" and "_". */
export const word: KeyFormat<string> = { write: asWord, read: asWord }

function asWord(text: string): string {
  if (!/^[A-Za-z0-9._-]{1,128}$/.test(text)) throw new DatdotError('BAD_ARGUMENT', `"${text}" is not a key`)
  return text
}

/** Two keys in a row, sorted by the first. */
export function pair<A, B>(first: KeyFormat<A>, second: KeyFormat<B>): KeyFormat<readonly [A, B]> {
  return {
    write: ([a, b]) => `${first.write(a)}:${second.write(b)}`,
    read: text => {
      const cut = text.indexOf(':')
      return [first.read(text.slice(0, cut)), second.read(text.slice(cut + 1))]
    }
  }
}
