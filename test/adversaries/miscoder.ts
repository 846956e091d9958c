import type { Role } from '../../roles/role.ts'
import type { SignerModules } from '../../roles/signer.ts'
import { CodecPool } from '../../src/codec/pool.ts'
import type { Task } from '../../src/codec/pool-worker.ts'
import { toHex } from '../../src/domain/bytes.ts'
import { CELL_BYTES, SLICE_BYTES } from '../../src/domain/leaves.ts'
import type { BaseConfig, BaseModules } from '../../src/node/base.ts'
import { SignerNode } from '../../src/node/signer.ts'

/** The one wrong cell of a span: a true encoding of other bytes, or bytes that are no encoding. */
export interface Mistake {
  cell: number
  kind: 'other bytes' | 'no encoding'
}

/** A signer that makes one wrong cell in each span, and signs checkpoints and seals over it as it came out. */
export class MiscodingSigner extends SignerNode {
  readonly #mistakes: readonly Mistake[]

  /** The n-th span that is encoded has the n-th mistake; those after them have none. */
  constructor(config: BaseConfig, modules: BaseModules, mistakes: readonly Mistake[]) {
    super(config, { workers: 1 }, modules)
    this.#mistakes = mistakes
  }

  protected override makeRole(options: { spans?: number }, modules: SignerModules): Role {
    return super.makeRole(options, { ...modules, pool: this.own(new MiscodingPool(this.#mistakes)) })
  }
}

class MiscodingPool extends CodecPool {
  readonly #mistakes: readonly Mistake[]
  readonly #salts: string[] = []

  constructor(mistakes: readonly Mistake[]) {
    super({ workers: 1 })
    this.#mistakes = mistakes
  }

  override async run(task: Task, signal?: AbortSignal): Promise<Uint8Array> {
    const mistake = task.kind === 'encode' ? this.#mistakeOf(task.salt) : undefined
    const at = (mistake?.cell ?? 0) - task.firstCell
    if (mistake === undefined || at < 0 || at >= task.bytes.length / SLICE_BYTES)
      return super.run(task, signal)
    if (mistake.kind === 'other bytes') flipBit(task.bytes, at * SLICE_BYTES)
    const cells = await super.run(task, signal)
    if (mistake.kind === 'no encoding') flipBit(cells, (at + 1) * CELL_BYTES - 1)
    return cells
  }

  #mistakeOf(salt: Uint8Array): Mistake | undefined {
    const name = toHex(salt)
    if (!this.#salts.includes(name)) this.#salts.push(name)
    return this.#mistakes[this.#salts.indexOf(name)]
  }
}

function flipBit(bytes: Uint8Array, at: number): void {
  bytes[at] = (bytes[at] ?? 0) ^ 1
}
