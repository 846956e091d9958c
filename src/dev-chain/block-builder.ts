import { DatdotError } from '../domain/errors.ts'
import type { Claim } from './author.ts'
import type { Changes, Executor, RuntimeCall } from './executor.ts'
import { decodeHeader, encodeHeader, type Header, hashHeader, ZERO_HASH } from './header.ts'
import { fromHex, type Hex, toHex } from './hex.ts'
import { compact, lengthed, uint } from './scale.ts'
import type { State } from './state.ts'
import { orderedRoot } from './trie.ts'
import { decodeApplied } from './validity.ts'
import { WorkingState } from './wasm/working-state.ts'
import { CODE, EXTRINSIC_INDEX } from './well-known.ts'

/** A block that was built but is not yet part of the chain. */
export interface BuiltBlock {
  readonly hash: Hex
  readonly header: Header
  readonly extrinsics: readonly Hex[]
  readonly changes: Changes
  /** Extrinsics that the runtime refused in this block, and why. */
  readonly refused: readonly { readonly extrinsic: Hex; readonly reason: string }[]
}

/** What a block is built from. */
export interface BlockInput {
  readonly parent: Header
  readonly state: State
  readonly claim: Claim
  readonly extrinsics: readonly Hex[]
}

const TIMESTAMP_ID = Buffer.from('timstap0')
const BABE_ID = Buffer.from('babeslot')
// 1 January 2100, which no block has: recognised at the end of the inherent that the runtime makes of it.
const PROBE_MS = 4_102_444_800_000

/** Builds blocks by the runtime's BlockBuilder API. */
export class BlockBuilder {
  private readonly executor: Executor
  private template: { code: Hex; prefix: Buffer } | null = null

  constructor(executor: Executor) {
    this.executor = executor
  }

  /**
   * Builds the next block. All extrinsics go through the runtime in one task; only when it refuses one of them are they
   * applied one by one, so that the block has all others.
   */
  async build(input: BlockInput): Promise<BuiltBlock> {
    const code = codeOf(input.state)
    const init = { ...newHeader(input.parent), logs: [input.claim.digest] }
    const open: RuntimeCall[] = [
      ['Core_initialize_block', toHex(encodeHeader(init))],
      ['BlockBuilder_apply_extrinsic', await this.timestamp(input)]
    ]
    const inherent = (open[1] as RuntimeCall)[1]
    const all = await this.applyAll(input, code, open).catch(error => {
      if (input.extrinsics.length === 0) throw error
      return null
    })
    const wanted = [inherent, ...input.extrinsics]
    if (all !== null && commitsTo(all.header, wanted)) {
      return { ...all, extrinsics: wanted, refused: [] }
    }
    if (input.extrinsics.length === 0)
      throw new DatdotError('INTERNAL', 'the runtime refused its own timestamp')
    return this.applyEach(input, code, open)
  }

  private async applyAll(input: BlockInput, code: Hex, open: readonly RuntimeCall[]) {
    const apply = input.extrinsics.map((x): RuntimeCall => ['BlockBuilder_apply_extrinsic', x])
    const calls: RuntimeCall[] = [...open, ...apply, ['BlockBuilder_finalize_block', '0x']]
    const { result, changes } = await this.executor.task(code, calls, input.state, { urgent: true })
    return finished(result, changes)
  }

  private async applyEach(input: BlockInput, code: Hex, open: readonly RuntimeCall[]): Promise<BuiltBlock> {
    const state = new WorkingState(input.state)
    const run = async (calls: readonly RuntimeCall[]) =>
      this.executor.task(code, calls, state, { urgent: true })
    state.write((await run(open)).changes)
    const included = [(open[1] as RuntimeCall)[1]]
    const refused: { extrinsic: Hex; reason: string }[] = []
    for (const extrinsic of input.extrinsics) {
      const outcome = await run([['BlockBuilder_apply_extrinsic', extrinsic]]).catch((error: Error) => error)
      const refusal =
        outcome instanceof Error ? { reason: outcome.message, later: false } : decodeApplied(outcome.result)
      if (refusal === null && !(outcome instanceof Error)) {
        state.write(outcome.changes)
        included.push(extrinsic)
      } else if (refusal !== null && !refusal.later) {
        refused.push({ extrinsic, reason: refusal.reason })
      }
    }
    const end = await run([['BlockBuilder_finalize_block', '0x']])
    state.write(end.changes)
    return { ...finished(end.result, state.changes), extrinsics: included, refused }
  }

  // The timestamp inherent ends with the compact time, so the runtime makes it once and later ones differ in that alone.
  private async timestamp({ state, claim }: BlockInput): Promise<Hex> {
    const code = codeOf(state)
    if (this.template?.code !== code) {
      const data = Buffer.concat([
        compact(2),
        Buffer.concat([BABE_ID, lengthed(uint(claim.slot, 8))]),
        Buffer.concat([TIMESTAMP_ID, lengthed(uint(PROBE_MS, 8))])
      ])
      const { result } = await this.executor.task(
        code,
        [['BlockBuilder_inherent_extrinsics', toHex(data)]],
        state,
        { urgent: true }
      )
      const bytes = fromHex(result)
      const time = compact(PROBE_MS)
      const tail = bytes.subarray(bytes.length - time.length)
      if (bytes[0] !== 4 || !tail.equals(time)) {
        throw new DatdotError('INTERNAL', 'the runtime has inherents that the embedded chain does not know')
      }
      const body = bytes.subarray(1 + compact(bytes.length - 2).length, bytes.length - time.length)
      this.template = { code, prefix: body }
    }
    return toHex(lengthed(Buffer.concat([this.template.prefix, compact(claim.timestampMs)])))
  }
}

function codeOf(state: State): Hex {
  const code = state.get(CODE)
  if (code === undefined) throw new DatdotError('INTERNAL', 'the state has no runtime')
  return code
}

function newHeader(parent: Header): Header {
  return {
    parentHash: hashHeader(parent),
    number: parent.number + 1,
    stateRoot: ZERO_HASH,
    extrinsicsRoot: ZERO_HASH,
    logs: []
  }
}

// The header's extrinsics root is the runtime's own word on what it applied.
function commitsTo(header: Header, extrinsics: readonly Hex[]): boolean {
  return toHex(orderedRoot(extrinsics.map(fromHex), 0)) === header.extrinsicsRoot
}

function finished(result: Hex, changes: Changes): { header: Header; hash: Hex; changes: Changes } {
  const header = decodeHeader(fromHex(result))
  changes.delete(EXTRINSIC_INDEX)
  return { header, hash: hashHeader(header), changes }
}
