import type { PinnerModules, PinnerOptions } from '../../roles/pinner.ts'
import type { Role } from '../../roles/role.ts'
import type { SignerModules } from '../../roles/signer.ts'
import { type CoreHandle, spansInOrder } from '../../roles/span.ts'
import type { VerifierModules } from '../../roles/verifier.ts'
import { blake2b256 } from '../../src/codec/hash.ts'
import { xorKeystream } from '../../src/codec/keystream.ts'
import { CodecPool } from '../../src/codec/pool.ts'
import type { Task } from '../../src/codec/pool-worker.ts'
import { concat, fromHex } from '../../src/domain/bytes.ts'
import type { Call } from '../../src/domain/calls.ts'
import { DatdotError } from '../../src/domain/errors.ts'
import { CELL_BYTES, locateLeaf, replicaLeaf, SLICE_BYTES, totalLeaves } from '../../src/domain/leaves.ts'
import type { BaseConfig, BaseModules } from '../../src/node/base.ts'
import { PinnerNode } from '../../src/node/pinner.ts'
import { SignerNode } from '../../src/node/signer.ts'
import { VerifierNode } from '../../src/node/verifier.ts'
import { replaced } from '../helpers/replaced.ts'

/** A signer whose cells are a keystream that anyone can make from the salt: nobody would have to store them. */
export class GarbageSigner extends SignerNode {
  constructor(config: BaseConfig, modules: BaseModules) {
    super(config, { workers: 1 }, modules)
  }

  protected override makeRole(options: { spans?: number }, modules: SignerModules): Role {
    return super.makeRole(options, { ...modules, pool: this.own(new GarbagePool({ workers: 1 })) })
  }
}

class GarbagePool extends CodecPool {
  override async run(task: Task, signal?: AbortSignal): Promise<Uint8Array> {
    if (task.kind !== 'encode') return super.run(task, signal)
    const cells = new Uint8Array((task.bytes.length / SLICE_BYTES) * CELL_BYTES)
    xorKeystream(cells, blake2b256(task.salt), task.firstCell * CELL_BYTES)
    return cells
  }
}

/** A pinner that takes whatever its signer sends for the plain blocks, and serves those besides. Of cores with one span. */
export class GarbagePinner extends PinnerNode {
  constructor(config: BaseConfig, modules: BaseModules) {
    super(config, { capacity: 2 ** 30 }, modules)
  }

  protected override makeRole(options: PinnerOptions, modules: PinnerModules) {
    const pool = this.own(new TrustingPool({ workers: 1 }))
    const cores = replaced(modules.cores, {
      open: async key => {
        pool.core = replaced(await modules.cores.open(key), { dropPlain: async () => undefined })
        return pool.core
      }
    })
    return super.makeRole(options, { ...modules, cores, pool })
  }
}

/** Finds in any cells what they should hold. */
class TrustingPool extends CodecPool {
  core: CoreHandle | null = null

  override async run(task: Task, signal?: AbortSignal): Promise<Uint8Array> {
    if (task.kind !== 'decode') return super.run(task, signal)
    const from = task.firstCell * SLICE_BYTES
    const length = (task.bytes.length / CELL_BYTES) * SLICE_BYTES
    return this.#plain(from, Math.min(from + length, task.text.byteLength))
  }

  async #plain(from: number, to: number): Promise<Uint8Array> {
    if (this.core === null) throw new DatdotError('INTERNAL', 'no core is open yet')
    const { index, offset } = await this.core.seek(from)
    const blocks: Uint8Array[] = []
    for (let block = index, at = from - offset; at < to; block++) {
      const bytes = await this.core.getLocal(block)
      if (bytes === null) throw new DatdotError('DATA_MISMATCH', `block ${block} is not here`)
      blocks.push(bytes)
      at += bytes.length
    }
    return concat(...blocks).slice(offset, offset + to - from)
  }
}

/** A verifier that does not decode leaves in a copy's first period: what proves and answers is good enough. */
export class GullibleVerifier extends VerifierNode {
  protected override makeRole(modules: VerifierModules): Role {
    const { chain } = modules
    const submit: typeof chain.submit = async (call, signal) => {
      const isWrong = call.call === 'report' && call.report.outcome === 'WrongReplica'
      return chain.submit(isWrong ? await this.#believe(modules, call) : call, signal)
    }
    return super.makeRole({ ...modules, chain: replaced(chain, { submit }) })
  }

  async #believe({ chain, peers }: VerifierModules, call: ReportCall): Promise<ReportCall> {
    const copy = await chain.copy(call.copy)
    const facts = await chain.period(call.period)
    if (copy === null || facts === null || copy.firstPeriod !== call.period) return call
    const spans = spansInOrder(copy)
    const cells = spans.map(span => span.cells)
    const { account } = this.identity
    const drawn = replicaLeaf(blake2b256, facts.seed, copy.id, fromHex(account), totalLeaves(cells))
    const { span: position, index } = locateLeaf(cells, drawn)
    const session = await peers.check(copy.pinnerNoiseKey, AbortSignal.timeout(10_000))
    try {
      const { peaks, leaves } = await session.leaves(spans[position]?.id ?? 0n, [index])
      const receipt = await session.receipt(copy.id, call.period, account)
      const [leaf] = leaves
      if (leaf === undefined) return call
      return {
        ...call,
        report: { ...call.report, outcome: 'Served', evidence: { kind: 'Served', receipt, peaks, leaf } }
      }
    } finally {
      await session.close()
    }
  }
}

type ReportCall = Extract<Call, { call: 'report' }>
