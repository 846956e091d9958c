import { setMaxListeners } from 'node:events'
import { access, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Chain, Snapshot } from '../../chain-client/types.ts'
import { DAT } from '../../domain/amounts.ts'
import type { Account, CoreKey } from '../../domain/ids.ts'
import type { ChainEvent } from '../../domain/view.ts'
import { Resource } from '../../resource.ts'
import { StorageFolder } from '../../store/folder.ts'
import { Child, type ChildLine } from './child.ts'
import { packRepository } from './input.ts'
import { type Member, type MemberRole, makeMembers } from './members.ts'
import { readState, type TestnetState, writeState } from './state.ts'

/** What a local network needs that others make. */
export interface TestnetModules {
  /** Path of the program whose commands the nodes are. */
  program: string
  env: NodeJS.ProcessEnv
  noiseKeyOf(miniSecret: Uint8Array): string
  connect(url: string, signal: AbortSignal): Promise<Chain>
  /** Sends each account an amount, from the account that the development genesis endows. */
  fund(chain: Chain, gifts: readonly { to: Account; amount: bigint }[], signal: AbortSignal): Promise<void>
}

export interface TestnetOptions {
  storage: string
  /** Path of the file to pin; null for the committed files of `root`. */
  input: string | null
  /** Root of this repository. */
  root: string
  copies: number
  donation: bigint
  blockTimeMs: number
  /** Port of the chain; 0 for any. */
  port: number
  /** Sizes of the core's blocks, over and over. */
  blockSizes: readonly number[]
  /** Ends the opening too; `close()` is still to be called. */
  signal: AbortSignal
}

export type TestnetEvent =
  | { type: 'stage'; name: string }
  | { type: 'member'; member: Member; line: ChildLine }
  | { type: 'head'; height: number; events: readonly ChainEvent[]; snapshot: Snapshot }
  | { type: 'ended'; name: string; reason: string }

/** Plancks for each role: deposit, float and some room; a supporter's are its donations. */
const GIFTS: Record<MemberRole, bigint> = {
  author: 0n,
  supporter: 1_000n * DAT,
  signer: 100n * DAT,
  pinner: 100n * DAT,
  verifier: 100n * DAT
}

/** A network of real processes on this machine: chain, DHT and a node for each member. */
export class Testnet extends Resource {
  readonly #options: TestnetOptions
  readonly #modules: TestnetModules
  readonly #children = new Map<string, Child>()
  readonly #listeners = new Set<(event: TestnetEvent) => void>()
  readonly #closed = new AbortController()
  readonly #stop: AbortSignal
  #members: Member[] = []
  #state: TestnetState = { chain: null, bootstrap: [], core: null, nodes: [] }
  #chain: Chain | undefined
  #following: Promise<void> | undefined

  constructor(options: TestnetOptions, modules: TestnetModules) {
    super()
    this.#options = options
    this.#stop = AbortSignal.any([options.signal, this.#closed.signal])
    setMaxListeners(0, this.#stop)
    this.#modules = modules
  }

  get members(): readonly Member[] {
    return this.#members
  }

  get state(): Readonly<TestnetState> {
    return this.#state
  }

  /** Path of the file that is pinned. */
  get input(): string {
    return this.#options.input ?? join(this.#options.storage, 'input.tar')
  }

  /** The core that is pinned; known once the network is up. */
  get core(): CoreKey {
    if (this.#state.core === null) throw new Error('the network is not up yet')
    return this.#state.core
  }

  /** The client of the network's own chain; there once the network is up. */
  get chain(): Chain {
    if (!this.#chain) throw new Error('the network is not up yet')
    return this.#chain
  }

  on(listener: (event: TestnetEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Ends one node's process and says so in `testnet.json`. */
  async stopMember(name: string): Promise<void> {
    await this.#children.get(name)?.stop()
    await this.#save()
  }

  /** Runs one command of the program in this network to its end and returns its JSON lines. */
  async run(
    name: string,
    args: readonly string[],
    signal: AbortSignal
  ): Promise<{ code: number | null; lines: ChildLine[]; error: string }> {
    const lines: ChildLine[] = []
    const child = this.#spawn(name, [...args, ...this.#networkFlags()])
    child.on(line => lines.push(line))
    const stop = () => void child.stop()
    signal.addEventListener('abort', stop, { once: true })
    const code = await child.exited
    signal.removeEventListener('abort', stop)
    this.#children.delete(name)
    return { code, lines, error: child.lastError }
  }

  protected override async onOpen(): Promise<void> {
    const { storage } = this.#options
    this.own(await StorageFolder.open(storage))
    await mkdir(join(storage, 'logs'), { recursive: true, mode: 0o700 })
    if (this.#options.input === null) await this.#pack()
    const before = await readState(storage)
    this.#state.core = before?.core ?? null
    this.#members = await makeMembers(storage, this.#modules.noiseKeyOf)
    this.#tell({ type: 'stage', name: 'starting the chain and the DHT' })
    await Promise.all([this.#startChain(), this.#startDht()])
    await this.#save()
    this.#tell({ type: 'stage', name: 'funding the nodes' })
    await this.#fund()
    this.#tell({ type: 'stage', name: 'starting the nodes' })
    await Promise.all([this.#startAuthor(before !== null), this.#startProviders()])
    await this.#save()
    this.#tell({ type: 'stage', name: 'pinning' })
    await this.#startSupporter()
    await this.#save()
    this.#following = this.#follow().catch((error: Error) => {
      if (!this.closing) this.#tell({ type: 'ended', name: 'chain', reason: error.message })
    })
  }

  protected override async onClose(): Promise<void> {
    this.#closed.abort()
    await this.#following
    await this.#chain?.close()
    const last = ['dht', 'chain']
    const nodes = [...this.#children.values()].filter(child => !last.includes(child.name))
    await Promise.all(nodes.map(child => child.stop()))
    for (const name of last) await this.#children.get(name)?.stop()
    if (this.#members.length > 0) {
      this.#state.chain = null
      this.#state.bootstrap = []
      await this.#save()
    }
  }

  /** Packs the repository once: a restart pins what the first start packed. */
  async #pack(): Promise<void> {
    this.#tell({ type: 'stage', name: 'packing the committed files of this repository' })
    const packed = await access(this.input).then(
      () => true,
      () => false
    )
    if (!packed) await packRepository(this.#options.root, this.input)
  }

  async #startChain(): Promise<void> {
    const { storage, port, blockTimeMs } = this.#options
    const args = ['chain', '--port', String(port), '--block-time', String(blockTimeMs)]
    const chain = this.#keep('chain', [...args, '--storage', join(storage, 'chain'), '--json'])
    const line = await chain.once(one => typeof one['url'] === 'string', this.#stop)
    this.#state.chain = String(line['url'])
    this.#chain = await this.#modules.connect(this.#state.chain, this.#stop)
  }

  async #startDht(): Promise<void> {
    const dht = this.#keep('dht', ['dht', '--json', '--storage', join(this.#options.storage, 'dht')])
    const line = await dht.once(one => Array.isArray(one['bootstrap']), this.#stop)
    this.#state.bootstrap = (line['bootstrap'] as unknown[]).map(String)
  }

  async #fund(): Promise<void> {
    const snapshot = await this.chain.snapshot()
    const gifts: { to: Account; amount: bigint }[] = []
    for (const { account, role } of this.#members) {
      const { free, held } = await snapshot.balance(account)
      if (GIFTS[role] > 0n && free + held === 0n) gifts.push({ to: account, amount: GIFTS[role] })
    }
    if (gifts.length > 0) await this.#modules.fund(this.chain, gifts, this.#stop)
  }

  async #startAuthor(again: boolean): Promise<void> {
    const { blockSizes } = this.#options
    const known = again && this.#state.core !== null
    const args = known
      ? ['author', 'serve']
      : ['author', 'publish', this.input, '--block-size', blockSizes.join(',')]
    const [author] = this.#membersOf('author')
    if (!author) return
    const child = this.#startMember(author, args)
    const line = await child.once(
      one => one.type === 'core' && one['serving'] === true && (!known || one['core'] === this.#state.core),
      this.#stop
    )
    this.#state.core = String(line['core'])
  }

  async #startProviders(): Promise<void> {
    const children = (['signer', 'pinner', 'verifier'] as const).flatMap(role =>
      this.#membersOf(role).map(member =>
        this.#startMember(member, role === 'pinner' ? [role, '--capacity', '1GiB'] : [role])
      )
    )
    await Promise.all(children.map(child => child.once(line => line.type === 'registered', this.#stop)))
  }

  async #startSupporter(): Promise<void> {
    const { copies, donation } = this.#options
    const [supporter] = this.#membersOf('supporter')
    if (!supporter) return
    const pot = await (await this.chain.snapshot()).pot(this.core)
    const amount = `${donation / DAT}.${(donation % DAT).toString().padStart(12, '0')}`
    const args =
      pot && pot.balance > 0n
        ? ['supporter', 'status', this.core, '--watch']
        : ['supporter', 'pin', this.core, '--copies', String(copies), '--donate', amount, '--watch']
    const child = this.#startMember(supporter, args)
    await child.once(line => line.type === 'donated' || line.type === 'status', this.#stop)
  }

  #membersOf(role: MemberRole): Member[] {
    return this.#members.filter(member => member.role === role)
  }

  #networkFlags(): string[] {
    const { chain, bootstrap } = this.#state
    return ['--chain', chain ?? '', '--bootstrap', bootstrap.join(','), '--host', '127.0.0.1', '--json']
  }

  #startMember(member: Member, args: readonly string[]): Child {
    const child = this.#keep(member.name, [...args, '--storage', member.storage, ...this.#networkFlags()])
    child.on(line => this.#tell({ type: 'member', member, line }))
    return child
  }

  #spawn(name: string, args: readonly string[]): Child {
    const { program, env } = this.#modules
    const child = Child.start({
      name,
      program,
      args,
      env,
      log: join(this.#options.storage, 'logs', `${name}.log`)
    })
    this.#children.set(name, child)
    return child
  }

  /** Starts a process that runs as long as the network, and tells when it ends before. */
  #keep(name: string, args: readonly string[]): Child {
    const child = this.#spawn(name, args)
    void child.exited.then(() => {
      if (!child.stopping && !this.closing) this.#tell({ type: 'ended', name, reason: child.lastError })
    })
    return child
  }

  async #save(): Promise<void> {
    this.#state.nodes = this.#members.map(({ name, role, account, noiseKey, storage }) => {
      const child = this.#children.get(name)
      return { name, role, account, noiseKey, storage, pid: child?.running ? child.pid : null }
    })
    await writeState(this.#options.storage, this.#state)
  }

  async #follow(): Promise<void> {
    for await (const head of this.chain.heads(this.#stop)) {
      const snapshot = await this.chain.snapshot(head.hash)
      this.#tell({ type: 'head', height: head.height, events: head.events, snapshot })
    }
  }

  #tell(event: TestnetEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}
