import type { Row } from './row.ts'

const HEADS = ['subject', 'what', 'value', 'unit', 'ratio', 'target'] as const

/** The rows as aligned text, numbers to the right. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map(({ subject, what, value, unit, ratio, target }) => [
    subject,
    what,
    numberOf(value),
    unit,
    ratio === undefined ? '' : ratio.toFixed(2),
    target ?? ''
  ])
  const widths = HEADS.map((head, column) =>
    Math.max(head.length, ...cells.map(line => (line[column] ?? '').length))
  )
  const line = (texts: readonly string[]) =>
    texts.map((text, column) => pad(text, widths[column] ?? 0, column)).join('  ')
  const rule = widths.map(width => '-'.repeat(width)).join('  ')
  return [line(HEADS), rule, ...cells.map(line)].map(text => `${text.trimEnd()}\n`).join('')
}

function pad(text: string, width: number, column: number): string {
  const head = HEADS[column]
  return head === 'value' || head === 'ratio' ? text.padStart(width) : text.padEnd(width)
}

function numberOf(value: number): string {
  if (Number.isInteger(value)) return String(value)
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2)
}
