import { randomBytes } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import type { Role } from '../../roles/role.ts'
import { Verifier, type VerifierModules } from '../../roles/verifier.ts'
import type { Call } from '../../src/domain/calls.ts'
import { isDatdotError } from '../../src/domain/errors.ts'
import type { CopyId, Period } from '../../src/domain/ids.ts'
import { LEAF_BYTES } from '../../src/domain/leaves.ts'
import type { LeafProof } from '../../src/domain/proofs.ts'
import type { Report } from '../../src/domain/reports.ts'
import type { BaseConfig, BaseModules } from '../../src/node/base.ts'
import { VerifierNode } from '../../src/node/verifier.ts'

type Submit = VerifierModules['chain']['submit']
type ReportCall = Extract<Call, { call: 'report' }>

/** A claim that the chain refused, and why. */
export interface Refused {
  call: ReportCall
  name: string
}

/** Tells the chain something; nothing that it refuses stops a liar. */
export type Claim = (report: Report) => Promise<void>

/** What a verifier does about a check: it may claim what it wants. */
export type Habit = (
  check: { copy: CopyId; period: Period; signal: AbortSignal },
  claim: Claim
) => Promise<void>

/** A verifier that never looks at a pinner. */
export class LazyVerifier extends VerifierNode {
  readonly refused: Refused[] = []
  readonly #habit: Habit

  constructor(config: BaseConfig, habit: Habit, modules: BaseModules = {}) {
    super(config, modules)
    this.#habit = habit
  }

  protected override makeRole(modules: VerifierModules): Role {
    const submit: Submit = async (call, signal = new AbortController().signal) => {
      if (call.call !== 'report') return modules.chain.submit(call, signal)
      const { copy, period } = call
      await this.#habit({ copy, period, signal }, report =>
        this.#claim({ ...call, report }, modules.chain.submit, signal)
      )
      // It has done all that it wants to until the period is over.
      if (!signal.aborted) await once(signal, 'abort')
      throw signal.reason
    }
    const nothing = { ttfbMs: null, kibPerS: 0, blocks: 0, bytes: 0, data: new Map(), reason: null }
    const measure = async () => ({ outcome: 'Unreachable', ...nothing }) as const
    const peers = { ...modules.peers, measure }
    return new Verifier({ ...modules, peers, chain: { ...modules.chain, submit } })
  }

  async #claim(call: ReportCall, submit: Submit, signal: AbortSignal): Promise<void> {
    try {
      await submit(call, signal)
    } catch (error) {
      if (!isDatdotError(error, 'CALL_REFUSED')) throw error
      this.refused.push({ call, name: String(error.details['name']) })
    }
  }
}

/** Reports as they stand in the blocks, for all to read. */
export class PublicReports extends EventEmitter {
  readonly #reports = new Map<string, Report>()

  add({ copy, period, report }: ReportCall): void {
    this.#reports.set(`${copy}/${period}`, report)
    this.emit(`${copy}/${period}`)
  }

  /** Some verifier's report of a check, as soon as there is one. */
  async of(copy: CopyId, period: Period, signal: AbortSignal): Promise<Report> {
    const name = `${copy}/${period}`
    if (!this.#reports.has(name)) await once(this, name, { signal })
    return this.#reports.get(name) as Report
  }
}

/** An honest verifier whose reports are read. */
export class ReadVerifier extends VerifierNode {
  readonly #reports: PublicReports

  constructor(config: BaseConfig, reports: PublicReports, modules: BaseModules = {}) {
    super(config, modules)
    this.#reports = reports
  }

  protected override makeRole(modules: VerifierModules): Role {
    const submit: Submit = async (call, signal) => {
      const receipt = await modules.chain.submit(call, signal)
      if (call.call === 'report') this.#reports.add(call)
      return receipt
    }
    return super.makeRole({ ...modules, chain: { ...modules.chain, submit } })
  }
}

/** A report of somebody who has seen nothing. */
function blank(claims: Pick<Report, 'outcome' | 'evidence'>): Report {
  return {
    ttfbMs: 40,
    kibPerS: 4096,
    blocks: 8,
    bytes: 65_536,
    digest: new Uint8Array(randomBytes(32)),
    ...claims
  }
}

export const silent: Habit = async () => {}

export const denying: Habit = (_, claim) =>
  claim(blank({ outcome: 'Unreachable', evidence: { kind: 'None' } }))

/** What a {@link forging} verifier is refused for, in order. */
export const FORGERIES = ['WrongEvidence', 'BadReceipt', 'BadProof'] as const

/** Served without evidence, Served with evidence of its own making, and a pinner that is accused of a leaf that it never had. */
export const forging: Habit = async (_, claim) => {
  const peaks = [new Uint8Array(randomBytes(32))]
  const leaf: LeafProof = { data: new Uint8Array(randomBytes(LEAF_BYTES)), path: [] }
  const receipt = new Uint8Array(randomBytes(64))
  const lies: Pick<Report, 'outcome' | 'evidence'>[] = [
    { outcome: 'Served', evidence: { kind: 'None' } },
    { outcome: 'Served', evidence: { kind: 'Served', receipt, peaks, leaf } },
    { outcome: 'WrongReplica', evidence: { kind: 'WrongReplica', span: 0, index: 0n, peaks, leaf } }
  ]
  await Promise.all(lies.map(lie => claim(blank(lie))))
}

/** A habit that its verifier gives up after so many checks. */
export function onlyFirst(checks: number, habit: Habit): Habit {
  let left = checks
  return async (check, claim) => {
    left -= 1
    if (left >= 0) await habit(check, claim)
  }
}

/** Says word for word what another verifier has said of this copy. */
export function copying(reports: PublicReports): Habit {
  return async ({ copy, period, signal }, claim) => claim(await reports.of(copy, period, signal))
}
