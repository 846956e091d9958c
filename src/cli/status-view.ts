import { formatBytes, formatDat } from '../domain/amounts.ts'
import type { Account } from '../domain/ids.ts'
import type { CopyStatus, CoreStatus } from '../node/supporter.ts'
import type { Output } from './output.ts'

/** How an account is called on a screen. */
export type NameOf = (account: Account) => string

const short: NameOf = account => account.slice(0, 6)
const percent = (ppm: number): string => `${(ppm / 10_000).toFixed(1)} %`

const PLACES = 1_000_000_000n

/** An amount with at most three decimals, rounded down: results have all twelve. */
export function roundDat(plancks: bigint): string {
  return formatDat(plancks - (plancks % PLACES))
}

/** One line for a copy: state, pinner, R, last proof, signers; `live` adds what changes within a period. */
export function describeCopy(copy: CopyStatus, live = true, nameOf: NameOf = short): string {
  const signers = new Set(copy.spans.flatMap(span => (span.signer === null ? [] : [nameOf(span.signer)])))
  // A name says the role, a piece of an account does not.
  const said = (role: string, names: string) => (nameOf === short ? `${role} ${names}` : names)
  const pinner = `${said('pinner', nameOf(copy.pinner))}  R ${percent(copy.pinnerPpm).padStart(6)}`
  const made = said(signers.size === 1 ? 'signer' : 'signers', [...signers].sort().join(' '))
  return [`copy ${copy.copy}`, copy.state.padEnd(6), pinner, describeProof(copy, live), made].join('  ')
}

function describeProof(copy: CopyStatus, live: boolean): string {
  const { firstPeriod, lastSettled, spans } = copy
  const sealed = spans.filter(span => span.state === 'Sealed').length
  if (firstPeriod === null) return `${sealed} of ${spans.length} spans sealed`
  const settled =
    lastSettled < firstPeriod ? `first period ${firstPeriod}` : `settled to period ${lastSettled}`
  if (!live || copy.proved === null) return settled
  return `${copy.proved ? 'proved' : 'to prove'}, ${settled}`
}

/** One line for the pot. */
export function describePot(status: CoreStatus): string {
  const { pot, periodsLeft } = status
  if (!pot) return 'pot  empty'
  const left = periodsLeft === null ? '' : `, at least ${periodsLeft} periods left`
  return `pot  ${roundDat(pot.balance)}, ${roundDat(pot.locked)} locked, ${pot.wanted} copies wanted${left}`
}

/** The whole standing as text. */
export function describeStatus(status: CoreStatus): string {
  const { published, share } = status
  return [
    `core ${status.core}, block ${status.height}, period ${status.period}`,
    ...(published
      ? [`tree ${published.length} blocks, ${formatBytes(published.byteLength)}, fork ${published.fork}`]
      : []),
    describePot(status),
    ...(share
      ? [`you  ${share.shares} shares worth ${formatDat(share.value)}, wish for ${share.wish} copies`]
      : []),
    ...status.copies.map(copy => describeCopy(copy)),
    ...status.notes.map(note => `     ${note}`)
  ].join('\n')
}

/** Lines that are replaced with each head; a JSON line a head with --json. */
export function statusRows(output: Output): (status: CoreStatus) => void {
  let shown: string[] = []
  return status => {
    if (output.json) {
      output.line({ type: 'status', ...status })
      return
    }
    const rows: [string, string][] = [
      ...(output.live
        ? [['height', `block ${status.height}  period ${status.period}`] as [string, string]]
        : []),
      ['pot', describePot(status)],
      ...status.copies.map((copy): [string, string] => [
        `copy ${copy.copy}`,
        describeCopy(copy, output.live)
      ]),
      ...status.notes.map((note, i): [string, string] => [`note ${i}`, note])
    ]
    for (const id of shown) if (!rows.some(([name]) => name === id)) output.show({ type: 'drop', id })
    for (const [id, text] of rows) output.show({ type: 'row', id, text, fields: {} })
    shown = rows.map(([id]) => id)
  }
}
