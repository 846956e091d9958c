import type { EventEmitter } from 'node:events'
import { DatdotError } from '../domain/errors.ts'
import type { Emit } from '../events.ts'
import type { HyperEvents } from '../hyper/node.ts'
import type { CheckServer } from '../wire/check-server.ts'
import { REFUSALS, type Violation } from '../wire/errors.ts'

/** Peers cause them: the same trouble is told once in this time, and of so many different ones at most. */
const QUIET_MS = 60_000
const MOST_KNOWN = 256

/** Who tells of peers that break the protocol, and of what failed here while one was answered. */
export interface TroubleSources {
  hyper: Pick<EventEmitter<HyperEvents>, 'on'>
  receivers?: { on(event: 'violation', listener: (violation: Violation) => void): unknown }
  checks?: Pick<CheckServer, 'on'>
}

/** Makes warnings of what the doors tell of their peers; `now` in milliseconds. */
export function tellTroubles(
  { hyper, receivers, checks }: TroubleSources,
  emit: Emit,
  now: () => number
): void {
  const tell = seldom(emit, now)
  const onViolation = ({ peer, protocol, refusal, message }: Violation) =>
    tell(`${peer} ${refusal}`, new DatdotError(REFUSALS[refusal].error, `${peer} on ${protocol}: ${message}`))
  receivers?.on('violation', onViolation)
  checks?.on('violation', onViolation)
  checks?.on('failure', ({ peer, error }) => {
    // What was under way when this node closed is no trouble.
    if (error.code === 'ABORTED') return
    tell(`failure ${error.code}`, new DatdotError(error.code, `answering ${peer}: ${error.message}`))
  })
  hyper.on('network-lost', () => {
    const message = 'no node of the DHT answers: nobody finds this node, nor does it find anybody'
    tell('network', new DatdotError('DHT_UNREACHABLE', message))
  })
  hyper.on('fork-refused', ({ coreKey, fork, length }) => {
    const message = `core ${coreKey} is kept as it is on the chain: a peer has fork ${fork} of length ${length}`
    tell(`${coreKey} ${fork}`, new DatdotError('CORE_FORKED', message))
  })
}

function seldom(emit: Emit, now: () => number): (name: string, error: DatdotError) => void {
  const told = new Map<string, number>()
  return (name, { code, message, help }) => {
    for (const [known, at] of told) {
      if (now() - at < QUIET_MS) break
      told.delete(known)
    }
    if (told.has(name) || told.size >= MOST_KNOWN) return
    told.set(name, now())
    emit({ type: 'warning', code, message, help })
  }
}
