import { DatdotError } from './errors.ts'

/** Decimals of the token: 1 DAT is 10^12 plancks (protocol.md part 4). */
const DECIMALS = 12
/** One DAT in plancks. */
export const DAT = 10n ** 12n
/** The largest amount the chain's u128 holds, in plancks. */
export const MAX_AMOUNT = 2n ** 128n - 1n

/** Parses "1", "0.5" or "12.5 DAT" into plancks; throws BAD_AMOUNT. */
export function parseDat(text: string): bigint {
  const match = /^\s*(\d{1,27})(?:\.(\d{1,12}))?\s*(?:DAT)?\s*$/i.exec(text)
  if (!match) throw new DatdotError('BAD_AMOUNT', `"${text}" is not an amount of DAT`)
  const amount = BigInt(match[1] ?? '0') * DAT + BigInt((match[2] ?? '').padEnd(DECIMALS, '0'))
  if (amount > MAX_AMOUNT) throw new DatdotError('BAD_AMOUNT', `"${text}" is more than the chain can hold`)
  return amount
}

/** Plancks as a decimal number of DAT without trailing zeros, as "12.5 DAT". */
export function formatDat(plancks: bigint): string {
  const sign = plancks < 0n ? '-' : ''
  const abs = plancks < 0n ? -plancks : plancks
  const fraction = (abs % DAT).toString().padStart(DECIMALS, '0').replace(/0+$/, '')
  return `${sign}${abs / DAT}${fraction ? `.${fraction}` : ''} DAT`
}

const BYTE_UNITS: Record<string, number> = {
  '': 1,
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
  TIB: 2 ** 40
}

/** Parses "10GB", "512 MiB" or "1048576" into bytes; throws BAD_ARGUMENT. */
export function parseBytes(text: string): number {
  const match = /^\s*(\d{1,20})(?:\.(\d{1,20}))?\s*([KMGT]?I?B?)\s*$/i.exec(text)
  const [, whole = '', fraction = '', unitName = ''] = match ?? []
  const unit = match ? BYTE_UNITS[unitName.toUpperCase()] : undefined
  const scaled = unit === undefined ? -1n : BigInt(whole + fraction) * BigInt(unit)
  const bytes = scaled / 10n ** BigInt(fraction.length)
  if (bytes < 0n || bytes > BigInt(Number.MAX_SAFE_INTEGER))
    throw new DatdotError('BAD_ARGUMENT', `"${text}" is not a size in bytes`)
  return Number(bytes)
}

/** Bytes for a person: "12.3 MiB". */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`
}
