import type { Head, Receipt, Snapshot } from '../src/chain-client/types.ts'
import { formatDat } from '../src/domain/amounts.ts'
import type { Call } from '../src/domain/calls.ts'
import { DatdotError, isDatdotError } from '../src/domain/errors.ts'
import type { Account, CoreKey, Height } from '../src/domain/ids.ts'
import { parseManifest } from '../src/domain/manifest.ts'
import type { TreeFacts } from '../src/domain/publish.ts'
import { type Quote, quote } from '../src/domain/quote.ts'
import type { ChainConstants, RequestView } from '../src/domain/view.ts'
import type { Emit } from '../src/events.ts'
import { unserved, withPatience } from './patience.ts'
import { isChainAway } from './refusals.ts'
import type { Role } from './role.ts'
import { type Duty, Runner, warningOf } from './runner.ts'
import { Donation, type DonationNotes } from './supporter/donation.ts'
import { due, type SupporterDuty } from './supporter/duties.ts'
import { lackOf } from './supporter/lack.ts'
import { type CoreStatus, readStatus } from './supporter/status.ts'

/** The chain as a supporter uses it. */
export interface SupporterChain {
  readonly constants: ChainConstants
  snapshot(): Promise<Snapshot>
  heads(signal: AbortSignal, options?: { from: Height }): AsyncIterable<Head>
}

/** Finds what `publish` says of any core on the swarm, without its author's help (protocol.md part 7). */
export interface TreeFinder {
  find(core: CoreKey, spanTarget: number, signal: AbortSignal): Promise<TreeFacts>
}

export interface SupporterModules {
  chain: SupporterChain
  trees: TreeFinder
  submit(call: Call, signal?: AbortSignal): Promise<Receipt>
  notes: DonationNotes
  /** Deletes the notes of all commands that gave to the core. */
  forgetDonations(): Promise<void>
  /** Blocks that a signed call may wait for its own. */
  callLife: number
  account: Account
  emit: Emit
}

/** Publishes, donates, wishes, and does for its core what anyone may (protocol.md parts 1, 4, 7). */
export class Supporter implements Role {
  readonly name = 'supporter'
  readonly #core: CoreKey
  readonly #modules: SupporterModules
  readonly #donation: Donation
  readonly #patienceMs: number | null
  readonly #listeners = new Set<(status: CoreStatus) => void>()
  /** What the last failed draw of each slot lacked. */
  readonly #lacks = new Map<number, { draw: string; lack: string | null }>()

  /** `patienceMs`: how long peers that serve the core are looked for, null for as long as it takes. */
  constructor(
    core: CoreKey,
    modules: SupporterModules,
    { patienceMs = null }: { patienceMs?: number | null } = {}
  ) {
    this.#core = core
    this.#modules = modules
    this.#donation = new Donation(core, modules)
    this.#patienceMs = patienceMs
  }

  /** What `copies` of the core cost, and how long `amount` lasts; reads the core's size from the chain or the swarm. */
  async quote(copies: number, amount: bigint, signal: AbortSignal): Promise<Quote> {
    const { chain } = this.#modules
    const snapshot = await chain.snapshot()
    const params = await snapshot.params()
    const known = await snapshot.core(this.#core)
    const { byteLength } = known ?? (await this.#find(params.spanTarget, signal))
    return quote(chain.constants, params, { byteLength, copies, amount })
  }

  /** Publishes the newest tree that peers have, unless the chain has it. */
  async publish(signal: AbortSignal): Promise<void> {
    const { chain, submit, emit } = this.#modules
    const snapshot = await chain.snapshot()
    emit({ type: 'waiting', for: 'a peer that serves the core' })
    const facts = await this.#find((await snapshot.params()).spanTarget, signal)
    // The chain refuses the same ones; here it costs no fee.
    if ('manifest' in facts.identity) parseManifest(facts.identity.manifest)
    const known = await snapshot.core(this.#core)
    const newer =
      known === null || facts.fork > known.fork || (facts.fork === known.fork && facts.length > known.length)
    if (newer) {
      try {
        await submit({ call: 'publish', facts }, signal)
      } catch (error) {
        // Somebody else has published this tree or a newer one meanwhile.
        if (!isDatdotError(error, 'CALL_REFUSED') || error.details['name'] !== 'NotNewer') throw error
      }
    }
    const { fork, length, byteLength } = facts
    emit({ type: 'published', core: this.#core, fork, length, byteLength })
  }

  #find(spanTarget: number, signal: AbortSignal): Promise<TreeFacts> {
    const { trees } = this.#modules
    return withPatience({ signal, ms: this.#patienceMs, stalled: unserved }, either =>
      trees.find(this.#core, spanTarget, either)
    )
  }

  /** Throws BAD_ARGUMENT, BAD_AMOUNT or FUNDS_LOW when the chain would refuse the donation; with `publish`, its deposit is reckoned in. */
  async assertCanDonate(amount: bigint, wish: number, publish: boolean): Promise<void> {
    // It may be paid already, and then there is nothing left to pay it with.
    if (await this.#donation.isBegun(amount, wish)) return
    const { chain, account } = this.#modules
    const snapshot = await chain.snapshot()
    const [params, known, { spendable }] = await Promise.all([
      snapshot.params(),
      snapshot.core(this.#core),
      snapshot.balance(account)
    ])
    if (wish > params.maxCopies)
      throw new DatdotError(
        'BAD_ARGUMENT',
        `the chain keeps at most ${params.maxCopies} copies of a core, not ${wish}`
      )
    if (amount < params.minDonation)
      throw new DatdotError(
        'BAD_AMOUNT',
        `the least donation is ${formatDat(params.minDonation)}, not ${formatDat(amount)}`
      )
    const deposit = publish && known === null ? params.coreDeposit : 0n
    if (spendable >= amount + deposit) return
    const held = deposit > 0n ? ` and the deposit of ${formatDat(deposit)} for publishing` : ''
    throw new DatdotError(
      'FUNDS_LOW',
      `the account ${account} has ${formatDat(spendable)} to spend, too little for ${formatDat(amount)}${held}`
    )
  }

  /** Gives once what is asked for with the same words until `endDonation` is called, in whatever run. */
  async donate(amount: bigint, wish: number, signal: AbortSignal): Promise<void> {
    await this.assertCanDonate(amount, wish, false)
    const { shares, isEarlier } = await this.#donation.give(amount, wish, signal)
    this.#modules.emit({ type: 'donated', core: this.#core, amount, shares, earlier: isEarlier })
  }

  /** What the donation was given for is done: the next one is another. */
  endDonation(): Promise<void> {
    return this.#donation.end()
  }

  async wish(copies: number, signal: AbortSignal): Promise<void> {
    await this.#modules.submit({ call: 'setWish', core: this.#core, wish: copies }, signal)
    this.#modules.emit({ type: 'wished', core: this.#core, copies })
  }

  /** Takes this donor's part of the pot back, and the core's deposit once nothing is left to pin; refused while copies or requests are left. */
  async reclaim(signal: AbortSignal): Promise<void> {
    const { chain, account, submit, forgetDonations, emit } = this.#modules
    const snapshot = await chain.snapshot()
    const [share, core] = await Promise.all([snapshot.shares(this.#core, account), snapshot.core(this.#core)])
    if (!share) throw new DatdotError('NOT_FOUND', 'this account has no share in the pot of this core')
    if (core && core.copies + core.requests > 0)
      throw new DatdotError(
        'CALL_REFUSED',
        `${core.copies} copies and ${core.requests} requests of the core are left: when nobody wishes for copies ` +
          `(\`datdot supporter wish ${this.#core} --copies 0\`), they end after the period that runs`
      )
    await submit({ call: 'reclaim', core: this.#core }, signal)
    // What was given is back: with the same words it is given again.
    await forgetDonations()
    emit({ type: 'reclaimed', core: this.#core, amount: share.value })
    if (core?.depositor === account) await this.#reap(signal)
  }

  /** The deposit comes back with the last share; while others hold shares the core stays, and so does the deposit. */
  async #reap(signal: AbortSignal): Promise<void> {
    const { chain, submit, emit } = this.#modules
    const snapshot = await chain.snapshot()
    const [pot, params] = await Promise.all([snapshot.pot(this.#core), snapshot.params()])
    if (pot && pot.holders > 0) return
    try {
      await submit({ call: 'reap', core: this.#core }, signal)
      emit({ type: 'reaped', core: this.#core, deposit: params.coreDeposit })
    } catch (error) {
      // Somebody has donated, or removed it, meanwhile.
      if (!isDatdotError(error, 'CALL_REFUSED')) throw error
    }
  }

  async status(signal: AbortSignal): Promise<CoreStatus> {
    return this.#status(await this.#modules.chain.snapshot(), signal)
  }

  #status(snapshot: Snapshot, signal: AbortSignal): Promise<CoreStatus> {
    const { chain, account } = this.#modules
    const lack = (request: RequestView) => this.#lackOf(request, snapshot.height, signal)
    return readStatus(snapshot, chain.constants.period, this.#core, account, lack)
  }

  async #lackOf(request: RequestView, height: Height, signal: AbortSignal): Promise<string | null> {
    const { chain } = this.#modules
    const draw = `${request.requestId}/${request.attempt}`
    const known = this.#lacks.get(request.slot)
    if (known?.draw === draw) return known.lack
    const lack = await lackOf(chain, request, { height, seedWindow: chain.constants.seedWindow }, signal)
    this.#lacks.set(request.slot, { draw, lack })
    return lack
  }

  /** Calls the listener with the core's standing after each head while the role runs; returns what removes it. */
  onStatus(listener: (status: CoreStatus) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Watches the core and does what is still due for it. */
  async run(signal: AbortSignal): Promise<void> {
    const { chain, emit } = this.#modules
    const runner = new Runner(emit, () => undefined)
    try {
      for await (const { height } of chain.heads(signal)) {
        try {
          const duties = await this.#read(signal)
          runner.update(height, duties)
        } catch (error) {
          if (signal.aborted && isDatdotError(error, 'ABORTED')) return
          if (!isChainAway(error)) throw error
          emit(warningOf(`reading block ${height}`, error))
        }
      }
    } finally {
      await runner.close()
    }
  }

  /** Tells the listeners how the core stands, and finds what is due for it. */
  async #read(signal: AbortSignal): Promise<Duty[]> {
    const { chain } = this.#modules
    const snapshot = await chain.snapshot()
    const status = await this.#status(snapshot, signal)
    for (const listener of this.#listeners) listener(status)
    const isInSetup = status.copies.some(copy => copy.state === 'Setup')
    const copies = isInSetup ? await snapshot.copiesOf(this.#core) : []
    const duties = due(snapshot.height, chain.constants.seedWindow, status.requests, copies)
    return duties.map(duty => this.#perform(duty))
  }

  #perform(duty: SupporterDuty): Duty {
    const key = duty.do === 'assign' ? `assign ${this.#core}` : `expire span ${duty.span}`
    const call: Call =
      duty.do === 'assign' ? { call: 'assign', core: this.#core } : { call: 'expire', span: duty.span }
    return { key, isHelp: true, run: async signal => (await this.#modules.submit(call, signal)).height }
  }
}
