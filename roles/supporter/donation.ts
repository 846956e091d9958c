import type { Snapshot } from '../../src/chain-client/types.ts'
import type { Call } from '../../src/domain/calls.ts'
import { DatdotError, isDatdotError } from '../../src/domain/errors.ts'
import type { Account, CoreKey, Height } from '../../src/domain/ids.ts'
import type { Emit } from '../../src/events.ts'

/** A donation of a command that did not end. */
export interface DonationNote {
  amount: bigint
  wish: number
  /** This donor's shares before it. */
  shares: bigint
  /** The shares that it gave; null until it is seen in the pot. */
  given: bigint | null
}

/** What survives a crash of the donations to one core. */
export interface DonationNotes {
  get(): Promise<DonationNote | null>
  put(note: DonationNote): Promise<void>
  delete(): Promise<void>
}

export interface DonationModules {
  chain: { snapshot(): Promise<Snapshot>; heads(signal: AbortSignal): AsyncIterable<{ height: Height }> }
  submit(call: Call, signal?: AbortSignal): Promise<unknown>
  notes: DonationNotes
  /** Blocks that a signed call may wait for its own. */
  callLife: number
  account: Account
  emit: Emit
}

/** One donor's gift to one core, given once however often the command that gives it is run until it ends. */
export class Donation {
  readonly #core: CoreKey
  readonly #modules: DonationModules

  constructor(core: CoreKey, modules: DonationModules) {
    this.#core = core
    this.#modules = modules
  }

  /** True when a command with the same words has begun it and did not end. */
  async isBegun(amount: bigint, wish: number): Promise<boolean> {
    return (await this.#begun(amount, wish)) !== null
  }

  /** Resolves with the shares that it gave, and whether that was in a run before this one. */
  async give(
    amount: bigint,
    wish: number,
    signal: AbortSignal
  ): Promise<{ shares: bigint; isEarlier: boolean }> {
    const begun = await this.#begun(amount, wish)
    // The pot may have spent it since, and the shares with it: that is no reason to give again.
    if (begun !== null && begun.given !== null) return { shares: begun.given, isEarlier: true }
    const given = begun === null ? 0n : await this.#arrived(begun, signal)
    if (given > 0n) return { shares: given, isEarlier: true }
    return { shares: await this.#send(amount, wish, signal), isEarlier: false }
  }

  /** The command is done: the next one with the same words is another gift. */
  end(): Promise<void> {
    return this.#modules.notes.delete()
  }

  async #begun(amount: bigint, wish: number): Promise<DonationNote | null> {
    const note = await this.#modules.notes.get()
    return note?.amount === amount && note.wish === wish ? note : null
  }

  async #send(amount: bigint, wish: number, signal: AbortSignal): Promise<bigint> {
    const { submit, notes } = this.#modules
    const note = { amount, wish, shares: await this.#shares(), given: null }
    await notes.put(note)
    try {
      await submit({ call: 'donate', core: this.#core, amount, wish }, signal)
    } catch (error) {
      // With anything else it may be in a block all the same.
      if (isDatdotError(error, 'CALL_REFUSED', 'FUNDS_LOW')) await notes.delete()
      throw error
    }
    const given = (await this.#shares()) - note.shares
    await notes.put({ ...note, given })
    return given
  }

  /** Shares that a call sent before this run has given; 0 once it can be in no block any more. */
  async #arrived(note: DonationNote, signal: AbortSignal): Promise<bigint> {
    const { chain, callLife, emit, notes } = this.#modules
    let last: Height | null = null
    for await (const { height } of chain.heads(signal)) {
      const more = (await this.#shares()) - note.shares
      if (more > 0n) {
        await notes.put({ ...note, given: more })
        return more
      }
      if (last === null) emit({ type: 'waiting', for: 'the donation of an earlier run to be in a block' })
      last ??= height + callLife
      if (height >= last) return 0n
    }
    throw new DatdotError('ABORTED', 'stopped waiting for an earlier donation')
  }

  async #shares(): Promise<bigint> {
    const snapshot = await this.#modules.chain.snapshot()
    const share = await snapshot.shares(this.#core, this.#modules.account)
    // A donation to a pot that is spent begins all shares anew.
    return share === null || share.value === 0n ? 0n : share.shares
  }
}
