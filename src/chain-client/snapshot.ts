import { fromHex } from '../domain/bytes.ts'
import { DatdotError } from '../domain/errors.ts'
import {
  type Account,
  type CopyId,
  type CoreKey,
  type Hex32,
  PROVIDER_ROLES,
  type ProviderRole
} from '../domain/ids.ts'
import type { CopyView, CoreView, RequestView, RoleSlotView, ShareView, SpanView } from '../domain/view.ts'
import { Reader } from './plain.ts'
import { isPruned, type Rpc } from './rpc.ts'
import type { Runtime, StorageKey } from './runtime.ts'
import type { BlockRef, Snapshot } from './types.ts'
import * as views from './views.ts'

/** Keys of one page of a scan, and of one request for values. */
const PAGE = 256
/** No chain has more providers of a role; a node that says so would have us ask for each. */
const MOST_SLOTS = 2 ** 20

/** Reads of one block, all through {@link Snapshot}; made by `ChainClient.snapshot`. */
export class BlockSnapshot implements Snapshot {
  readonly height: number
  readonly hash: Hex32
  readonly #rpc: Rpc
  readonly #runtime: Runtime

  constructor(block: BlockRef, rpc: Rpc, runtime: Runtime) {
    this.height = block.height
    this.hash = block.hash
    this.#rpc = rpc
    this.#runtime = runtime
  }

  async params() {
    return views.readParams(await this.#one('datdot', 'params'))
  }

  async timestampMs() {
    return (await this.#one('timestamp', 'now')).number()
  }

  async provider(account: Account) {
    const value = await this.#one('datdot', 'providers', fromHex(account))
    return value.maybe(provider => views.readProvider(account, provider))
  }

  async roleSlots(role: ProviderRole): Promise<RoleSlotView[]> {
    const index = PROVIDER_ROLES.indexOf(role)
    const count = (await this.#one('datdot', 'roleCount', index)).number()
    if (count > MOST_SLOTS) throw failed(`it tells of ${count} ${role} slots`)
    const keys = Array.from({ length: count }, (_, slot) =>
      this.#runtime.key('datdot', 'roleSlots', index, slot)
    )
    return (await this.#read(keys)).map(views.readRoleSlot)
  }

  async core(key: CoreKey) {
    const value = await this.#one('datdot', 'cores', fromHex(key))
    return value.maybe(core => views.readCore(key, core))
  }

  async pot(key: CoreKey) {
    const { maxCopies } = await this.params()
    return views.readPot(await this.#one('datdot', 'pots', fromHex(key)), maxCopies)
  }

  async shares(key: CoreKey, account: Account): Promise<ShareView | null> {
    const core = fromHex(key)
    const [share, pot] = await this.#read([
      this.#runtime.key('datdot', 'shares', core, fromHex(account)),
      this.#runtime.key('datdot', 'pots', core)
    ])
    return share?.maybe(value => views.readShare(value, pot ?? new Reader(null, 'pot'))) ?? null
  }

  async requests(key: CoreKey): Promise<RequestView[]> {
    const list = await this.#requests(fromHex(key))
    return list.sort((a, b) => a.slot - b.slot)
  }

  async requestQueue(): Promise<RequestView[]> {
    const list = await this.#requests()
    return list.sort((a, b) => (a.requestId < b.requestId ? -1 : 1))
  }

  async copy(id: CopyId): Promise<CopyView | null> {
    const [copy] = await this.#copies([id])
    return copy ?? null
  }

  async span(id: bigint): Promise<SpanView | null> {
    const value = await this.#one('datdot', 'spans', id)
    return value.maybe(span => views.readSpan(id, span))
  }

  async copiesOf(key: CoreKey): Promise<CopyView[]> {
    const ids: CopyId[] = []
    for await (const { value } of this.#scan('datdot', 'coreCopies', fromHex(key))) ids.push(value.bigint())
    const copies = await this.#copies(ids)
    return copies.sort((a, b) => a.slot - b.slot)
  }

  async copiesOfPinner(account: Account): Promise<CopyView[]> {
    return this.#copies(await this.#duties(account, 'Copy'))
  }

  async spansOfSigner(account: Account): Promise<SpanView[]> {
    return this.#spans(await this.#duties(account, 'Span'))
  }

  async *copies(): AsyncGenerator<CopyView> {
    for await (const page of this.#pages(this.#runtime.prefix('datdot', 'copies'))) {
      const ids = page.map(key => this.#runtime.arguments('datdot', 'copies', key)[0]?.bigint() ?? 0n)
      for (const copy of await this.#copies(ids))
        if (copy.state === 'Setup' || copy.state === 'Active') yield copy
    }
  }

  async *cores(): AsyncGenerator<CoreView> {
    for await (const { args, value } of this.#scan('datdot', 'cores')) {
      const key = args[0]?.hex32() ?? ''
      yield views.readCore(key, value)
    }
  }

  async seed(s: number) {
    return (await this.#one('datdot', 'seeds', s)).maybe(seed => views.readSeed(s, seed))
  }

  async periodAt(p: number) {
    if (p < 0) return null
    return (await this.#one('datdot', 'periods', p)).maybe(period => views.readPeriod(p, period))
  }

  async record(copy: CopyId, p: number) {
    const value = await this.#one('datdot', 'records', copy, p)
    return value.maybe(record => views.readRecord(copy, p, record))
  }

  async totals() {
    return views.readTotals(await this.#one('datdot', 'totals'))
  }

  async coreParties(key: CoreKey, account: Account) {
    return views.readParties(await this.#one('datdot', 'coreParties', fromHex(key), fromHex(account)))
  }

  async balance(account: Account) {
    const existentialDeposit = this.#runtime.constant('balances', 'existentialDeposit').bigint()
    return views.readBalance(await this.#one('system', 'account', fromHex(account)), existentialDeposit)
  }

  async nonce(account: Account) {
    return (await this.#one('system', 'account', fromHex(account))).field('nonce').number()
  }

  async #requests(core?: Uint8Array): Promise<RequestView[]> {
    const list: RequestView[] = []
    for await (const { args, value } of this.#scan('datdot', 'requests', ...(core ? [core] : []))) {
      const [key, slot] = args
      if (key && slot) list.push(views.readRequest(key.hex32(), slot.number(), value))
    }
    return list
  }

  /** Ids of an account's unfinished copies or spans. */
  async #duties(account: Account, kind: 'Copy' | 'Span'): Promise<bigint[]> {
    const ids: bigint[] = []
    for await (const page of this.#pages(this.#runtime.prefix('datdot', 'duties', fromHex(account))))
      for (const key of page) {
        const duty = this.#runtime.arguments('datdot', 'duties', key)[1]?.variant()
        if (duty?.name === kind) ids.push(duty.content.bigint())
      }
    return ids.sort((a, b) => (a < b ? -1 : 1))
  }

  async #copies(ids: readonly CopyId[]): Promise<CopyView[]> {
    const values = await this.#read(ids.map(id => this.#runtime.key('datdot', 'copies', id)))
    const found = values.flatMap(
      (value, index) => value.maybe(copy => [views.readCopy(ids[index] ?? 0n, copy)]) ?? []
    )
    const spans = await this.#spans(found.flatMap(({ spanIds }) => spanIds))
    for (const { copy } of found)
      copy.spans = spans.filter(span => span.copyId === copy.id).sort((a, b) => a.number - b.number)
    return found.map(({ copy }) => copy)
  }

  async #spans(ids: readonly bigint[]): Promise<SpanView[]> {
    const values = await this.#read(ids.map(id => this.#runtime.key('datdot', 'spans', id)))
    return values.flatMap(
      (value, index) => value.maybe(span => [views.readSpan(ids[index] ?? 0n, span)]) ?? []
    )
  }

  async #one(pallet: string, item: string, ...args: unknown[]): Promise<Reader> {
    const [value] = await this.#read([this.#runtime.key(pallet, item, ...args)])
    return value ?? new Reader(null, `${pallet}.${item}`)
  }

  async #read(keys: readonly StorageKey[]): Promise<Reader[]> {
    const values: Reader[] = []
    for (let from = 0; from < keys.length; from += PAGE) {
      const page = keys.slice(from, from + PAGE)
      const found = await this.#ask(() =>
        this.#rpc.storage(
          page.map(key => key.hex),
          this.hash
        )
      )
      page.forEach((key, index) => {
        values.push(this.#runtime.decode(key, found[index] ?? null))
      })
    }
    return values
  }

  async *#scan(
    pallet: string,
    item: string,
    ...first: unknown[]
  ): AsyncGenerator<{ args: Reader[]; value: Reader }> {
    for await (const page of this.#pages(this.#runtime.prefix(pallet, item, ...first))) {
      const values = await this.#read(page.map(hex => ({ hex, pallet, item })))
      for (const [index, hex] of page.entries()) {
        const value = values[index]
        if (value) yield { args: this.#runtime.arguments(pallet, item, hex), value }
      }
    }
  }

  async *#pages(prefix: string): AsyncGenerator<string[]> {
    for (let from: string | null = null; ; ) {
      const page: string[] = await this.#ask(() => this.#rpc.keys(prefix, PAGE, from, this.hash))
      // a node that gave the same keys again would be read for ever
      let last = from ?? ''
      for (const key of page) {
        if (key <= last || !key.startsWith(prefix)) throw failed('its keys are not in order')
        last = key
      }
      if (page.length > 0) yield page
      if (page.length < PAGE) return
      from = page.at(-1) ?? null
    }
  }

  async #ask<T>(request: () => Promise<T>): Promise<T> {
    try {
      return await request()
    } catch (error) {
      if (!isPruned(error)) throw error
      throw new DatdotError('NOT_FOUND', `the node does not keep the state of block ${this.height}`, {
        cause: error
      })
    }
  }
}

function failed(why: string): DatdotError {
  return new DatdotError('CHAIN_FAILED', `the node contradicts itself: ${why}`)
}
