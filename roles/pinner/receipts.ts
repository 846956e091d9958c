import { fromHex } from '../../src/domain/bytes.ts'
import { DatdotError } from '../../src/domain/errors.ts'
import type { Account, Height, Period } from '../../src/domain/ids.ts'
import { receiptMessage } from '../../src/domain/messages.ts'
import { isRecordOpen } from '../../src/domain/periods.ts'
import type { ChainConstants, CopyView } from '../../src/domain/view.ts'
import { type CheckReader, verifiersOf } from '../drawn.ts'

export interface ReceiptParts {
  chain: CheckReader & { readonly constants: Pick<ChainConstants, 'genesis' | 'period' | 'grace'> }
  /** ed25519 by the node's noise key. */
  signNoise(message: Uint8Array): Uint8Array
}

/** The receipts that a pinner gives to the verifiers drawn: one for each copy, period and account (protocol.md part 8). */
export class Receipts {
  readonly #parts: ReceiptParts
  /** ed25519 is deterministic: who asks again gets the same one, so that a verifier may crash in between. */
  readonly #given = new Map<string, { period: Period; receipt: Uint8Array }>()
  /** Asked of the chain once, whoever asks here. */
  readonly #drawn = new Map<string, { period: Period; accounts: readonly Account[] }>()

  constructor(parts: ReceiptParts) {
    this.#parts = parts
  }

  /** A receipt, 64 bytes; throws WIRE_REFUSED for whoever was not drawn, and for periods that are not open. */
  async give(copy: CopyView, period: Period, account: Account, height: Height): Promise<Uint8Array> {
    const { signNoise } = this.#parts
    const { constants } = this.#parts.chain
    const name = `${copy.id}/${period}/${account}`
    const given = this.#given.get(name)
    if (given !== undefined) return given.receipt
    if (!isRecordOpen(period, height, constants.period, constants.grace))
      throw new DatdotError('WIRE_REFUSED', `period ${period} is not open`)
    if (!(await this.#verifiers(copy, period)).includes(account))
      throw new DatdotError('WIRE_REFUSED', 'the account was not drawn to verify this copy')
    const message = receiptMessage({
      genesis: constants.genesis,
      copyId: copy.id,
      period,
      account: fromHex(account)
    })
    const receipt = signNoise(message)
    this.#given.set(name, { period, receipt })
    return receipt
  }

  async #verifiers(copy: CopyView, period: Period): Promise<readonly Account[]> {
    const name = `${copy.id}/${period}`
    const known = this.#drawn.get(name)
    if (known !== undefined) return known.accounts
    const accounts = await verifiersOf(this.#parts.chain, copy, period)
    // The chain cannot tell yet: it is asked again.
    if (accounts === null) return []
    for (const notes of [this.#drawn, this.#given])
      for (const [key, note] of notes) if (note.period + 1 < period) notes.delete(key)
    this.#drawn.set(name, { period, accounts })
    return accounts
  }
}
