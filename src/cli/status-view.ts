import { formatBytes, formatDat } from '../domain/amounts.ts'
import type { CopyStatus, CoreStatus } from '../node/supporter.ts'
import type { Output } from './output.ts'

const percent = (ppm: number): string => `${(ppm / 10_000).toFixed(1)} %`

/** One line for a copy: signers, pinner, state, last proof, R. */
export function describeCopy(copy: CopyStatus): string {
  const sealed = copy.spans.filter(span => span.state === 'Sealed').length
  const signers = new Set(copy.spans.flatMap(span => (span.signer === null ? [] : [span.signer.slice(0, 6)])))
  const proof =
    copy.firstPeriod === null
      ? `${sealed}/${copy.spans.length} spans sealed`
      : copy.proved === null
        ? `first period ${copy.firstPeriod}`
        : `${copy.proved ? 'proved' : 'not yet proved'}, settled to ${copy.lastSettled}`
  return `copy ${copy.copy}  ${copy.state.padEnd(6)}  signers ${[...signers].join(' ')}  pinner ${copy.pinner.slice(0, 6)}  R ${percent(copy.pinnerPpm)}  ${proof}`
}

/** One line for the pot. */
export function describePot(status: CoreStatus): string {
  const { pot, periodsLeft } = status
  if (!pot) return 'pot  empty'
  const left = periodsLeft === null ? '' : `, at least ${periodsLeft} periods left`
  return `pot  ${formatDat(pot.balance)}, ${formatDat(pot.locked)} locked, ${pot.wanted} copies wanted${left}`
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
    ...status.copies.map(describeCopy),
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
      ...status.copies.map((copy): [string, string] => [`copy ${copy.copy}`, describeCopy(copy)]),
      ...status.notes.map((note, i): [string, string] => [`note ${i}`, note])
    ]
    for (const id of shown) if (!rows.some(([name]) => name === id)) output.show({ type: 'drop', id })
    for (const [id, text] of rows) output.show({ type: 'row', id, text, fields: {} })
    shown = rows.map(([id]) => id)
  }
}
