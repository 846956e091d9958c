import type { Clock } from '../clock.ts'
import { formatBytes, formatDat } from '../domain/amounts.ts'
import type { NodeEvent } from '../events.ts'
import type { Output } from './output.ts'

/** Least time between two JSON lines of one long step. */
const PROGRESS_EVERY_MS = 500

const short = (key: string): string => key.slice(0, 8)

type Step = Extract<NodeEvent, { type: 'download' | 'encode' | 'transfer' | 'append' | 'receive' }>

const VERBS = {
  download: 'download',
  encode: 'encode',
  transfer: 'transfer',
  append: 'append',
  receive: 'receive'
}

function isStep(event: NodeEvent): event is Step {
  return event.type in VERBS
}

/** Name, label and extent of a long step. */
function extent(step: Step): {
  id: string
  label: string
  done: number
  total: number
  unit: 'bytes' | 'count'
} {
  switch (step.type) {
    case 'append':
      return { id: 'append', label: 'append', done: step.bytes, total: 0, unit: 'bytes' }
    case 'receive':
      return { id: 'receive', label: 'blocks', done: step.blocks, total: step.totalBlocks, unit: 'count' }
    default: {
      const label = `${VERBS[step.type]} span ${step.span}`
      return {
        id: `${step.type} ${step.span}`,
        label,
        done: step.bytes,
        total: step.totalBytes,
        unit: 'bytes'
      }
    }
  }
}

/** One sentence for what happened. */
export function describe(event: NodeEvent): string {
  switch (event.type) {
    case 'started':
      return `${event.role} started, account ${short(event.account)}, noise key ${event.noiseKey}`
    case 'registered':
      return `registered as ${event.roles.join(', ')}`
    case 'height':
      return `block ${event.height}`
    case 'waiting':
      return `waiting for ${event.for}`
    case 'span':
      return `span ${event.span} of copy ${event.copy} is ${event.state}`
    case 'copy':
      return `copy ${event.copy} (slot ${event.slot}) is ${event.state}${event.reason ? `: ${event.reason}` : ''}`
    case 'proof':
      return `proved ${event.leaves} leaves of copy ${event.copy} in period ${event.period} (${formatBytes(event.bytes)})`
    case 'measured':
      return `measured copy ${event.copy} in period ${event.period}: ${event.outcome}, first byte after ${Math.round(event.ttfbMs)} ms, ${event.kibPerS} KiB/s`
    case 'report':
      return `reported copy ${event.copy} in period ${event.period}: ${event.outcome}`
    case 'settled':
      return `settled period ${event.period} of copy ${event.copy}: minted ${formatDat(event.minted)}, burned ${formatDat(event.burned)}`
    case 'payment':
      return `paid ${formatDat(event.amount)} as ${event.role} for copy ${event.copy}, period ${event.period}`
    case 'cleaned':
      return `removed what was kept of copy ${event.copy}`
    case 'declined':
      return `declined ${event.target}: ${event.reason}`
    case 'core':
      return `${event.serving ? 'serving' : 'made'} core ${event.core}: ${event.length} blocks, ${formatBytes(event.byteLength)}`
    case 'published':
      return `published ${event.length} blocks, ${formatBytes(event.byteLength)}, fork ${event.fork}`
    case 'donated':
      return `${event.earlier ? 'an earlier run has ' : ''}donated ${formatDat(event.amount)} for ${event.shares} shares`
    case 'wished':
      return `wished for ${event.copies} copies`
    case 'reclaimed':
      return `reclaimed ${formatDat(event.amount)}`
    case 'reaped':
      return `the core is off the chain: its deposit of ${formatDat(event.deposit)} is back`
    case 'warning':
      return `${event.code}: ${event.message} ${event.help}`
    case 'append':
      return `appended ${event.blocks} blocks, ${formatBytes(event.bytes)}`
    case 'receive':
      return `received ${event.blocks} of ${event.totalBlocks} blocks`
    default:
      return `${extent(event).label}: ${formatBytes(event.bytes)} of ${formatBytes(event.totalBytes)}`
  }
}

/** Shows a node's events: bars for long steps, a line for the height, the rest as lines that stay. */
export function showEvents(output: Output, clock: Clock): (event: NodeEvent) => void {
  const last = new Map<string, number>()
  const due = (step: Step): boolean => {
    const { id, done, total } = extent(step)
    const now = clock.monotonic()
    const before = last.get(id)
    if (before !== undefined && now - before < PROGRESS_EVERY_MS && done !== total) return false
    last.set(id, now)
    return true
  }
  if (output.json)
    return event => {
      if (!isStep(event) || due(event)) output.line({ text: describe(event), ...event })
    }
  const states = new Map<string, string>()
  return event => {
    if (isStep(event)) showStep(output, event)
    else if (event.type === 'copy') {
      // Told at each change of the copy: of interest is another state.
      if (states.get(String(event.copy)) !== event.state) output.note(describe(event))
      states.set(String(event.copy), event.state)
    } else if (event.type !== 'height') output.note(describe(event))
  }
}

function showStep(output: Output, step: Step): void {
  const { id, label, done, total, unit } = extent(step)
  if (step.type === 'append')
    output.show({ type: 'row', id, text: describe(step), fields: { bytes: step.bytes } })
  else output.show({ type: 'bar', id, label, done, total, unit })
  if (step.type !== 'append' && done === total) output.show({ type: 'drop', id })
}
