import { setMaxListeners } from 'node:events'
import { access, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Chain, Snapshot } from '../../chain-client/types.ts'
import type { ChainEvent } from '../../domain/chain-events.ts'
import { DatdotError, isDatdotError } from '../../domain/errors.ts'
import type { CoreKey } from '../../domain/ids.ts'
import { Resource } from '../../resource.ts'
import { StorageFolder } from '../../store/folder.ts'
import type { Child, ChildLine } from './child.ts'
import { type Gift, giftsFor } from './gifts.ts'
import { packRepository } from './input.ts'
import { type Member, type MemberRole, makeMembers } from './members.ts'
import { Processes } from './processes.ts'
import { readState, StateFile, type TestnetState } from './state.ts'
import { supportOf } from './support.ts'

/** What a local network needs that others make. */
export interface TestnetModules {
  /** Path of the program whose commands the nodes are. */
  program: string
  env: NodeJS.ProcessEnv
  noiseKeyOf(miniSecret: Uint8Array): string
  connect(url: string, signal: AbortSignal): Promise<Chain>
  /** Sends each account an amount, from the account that the development genesis endows. */
  fund(chain: Chain, gifts: readonly Gift[], signal: AbortSignal): Promise<void>
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
  | { type: 'warning'; text: string }
  | { type: 'member'; member: Member; line: ChildLine }
  | { type: 'head'; height: number; events: readonly ChainEvent[]; snapshot: Snapshot }
  /** A process ended that should run as long as the network; `reason` is its own last word. */
  | { type: 'ended'; name: string; reason: string; error: DatdotError }

/** A network of real processes on this machine: chain, DHT and a node for each member. */
export class Testnet extends Resource {
  readonly #options: TestnetOptions
  readonly #modules: TestnetModules
  readonly #processes: Processes
  readonly #listeners = new Set<(event: TestnetEvent) => void>()
  readonly #closed = new AbortController()
  readonly #stop: AbortSignal
  #members: Member[] = []
  readonly #file: StateFile
  #state: TestnetState
  #chain: Chain | undefined
  #following: Promise<void> | undefined

  constructor(options: TestnetOptions, modules: TestnetModules) {
    super()
    this.#options = options
    this.#stop = AbortSignal.any([options.signal, this.#closed.signal])
    setMaxListeners(0, this.#stop)
    this.#modules = modules
    const { program, env } = modules
    this.#processes = new Processes({ program, env, logs: join(options.storage, 'logs') })
    this.#file = new StateFile(options.storage)
    this.#state = { chain: null, bootstrap: [], core: null, input: this.input, nodes: [] }
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
    await this.#processes.stop(name)
    await this.#save()
  }

  /** Runs one command of the program in this network to its end and returns its JSON lines. */
  async run(
    name: string,
    args: readonly string[],
    signal: AbortSignal
  ): Promise<{ code: number | null; lines: ChildLine[]; error: string }> {
    return this.#processes.run(name, [...args, ...this.#networkFlags()], signal)
  }

  protected override async onOpen(): Promise<void> {
    const { storage } = this.#options
    this.own(await StorageFolder.open(storage))
    await mkdir(join(storage, 'logs'), { recursive: true, mode: 0o700 })
    if (this.#options.input === null) await this.#pack()
    const before = await readState(storage)
    const known = before !== null && before.core !== null && before.input === this.input
    this.#state.core = known ? before.core : null
    this.#members = await makeMembers(storage, this.#modules.noiseKeyOf)
    this.#tell({ type: 'stage', name: 'starting the chain, the DHT and the author' })
    const dht = this.#startDht()
    const author = dht.then(() => this.#startAuthor(known))
    author.catch(() => undefined)
    const funded = this.#startChain().then(() => this.#fund())
    // Who goes on has copies to prove, and blocks are made already: no provider waits for the author.
    await Promise.all([known ? dht : author, funded])
    await this.#save()
    this.#tell({ type: 'stage', name: 'starting signers, pinners and verifiers' })
    await Promise.all([author, this.#startRest()])
    await this.#save()
    this.#following = this.#follow().catch((error: Error) => {
      if (!this.closing)
        this.#tell({ type: 'ended', name: 'chain', reason: error.message, error: ours(error) })
    })
  }

  protected override async onClose(): Promise<void> {
    this.#closed.abort()
    await this.#following
    await this.#chain?.close()
    await this.#processes.stopAll(['dht', 'chain'])
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
    this.#tell({ type: 'stage', name: 'funding the nodes' })
    const gifts = await giftsFor(this.#members, await this.chain.snapshot(), this.#options.donation)
    if (gifts.length > 0) await this.#modules.fund(this.chain, gifts, this.#stop)
  }

  async #startAuthor(known: boolean): Promise<void> {
    const { blockSizes } = this.#options
    const args = known
      ? ['author', 'serve']
      : ['author', 'publish', this.input, '--block-size', blockSizes.join(',')]
    const [author] = this.#membersOf('author')
    if (!author) return
    const child = this.#startMember(author, args)
    // An author serves all its cores: the one that is meant is the one it made now.
    let core = this.#state.core
    const isServed = (line: ChildLine) => {
      if (line.type === 'append') core = String(line['core'])
      return line.type === 'core' && line['serving'] === true && line['core'] === core
    }
    await child.once(isServed, this.#stop)
    this.#state.core = core
  }

  /** The supporter's process starts while the providers register: it has to publish before the first draw anyway. */
  async #startRest(): Promise<void> {
    const children = (['signer', 'pinner', 'verifier'] as const).flatMap(role =>
      this.#membersOf(role).map(member =>
        this.#startMember(member, role === 'pinner' ? [role, '--capacity', '1GiB'] : [role])
      )
    )
    const all = (...types: string[]) =>
      Promise.all(children.map(child => child.once(line => types.includes(line.type), this.#stop)))
    // Who is registered already says nothing of it, but follows the chain.
    await Promise.all([all('started').then(() => this.#startSupporter()), all('registered', 'height')])
  }

  async #startSupporter(): Promise<void> {
    this.#tell({ type: 'stage', name: 'registering the providers, publishing the core, donating' })
    const [supporter] = this.#membersOf('supporter')
    if (!supporter) return
    const snapshot = await this.chain.snapshot()
    const [core, pot] = await Promise.all([snapshot.core(this.core), snapshot.pot(this.core)])
    const commands = supportOf(this.core, this.#options, core, pot)
    for (const args of commands.slice(0, -1)) await this.#finish(supporter, args)
    const child = this.#startMember(supporter, commands.at(-1) ?? [])
    await child.once(line => line.type === 'donated' || line.type === 'status', this.#stop)
  }

  async #finish({ name, storage }: Member, args: readonly string[]): Promise<void> {
    const { code, error } = await this.run(name, [...args, '--storage', storage], this.#stop)
    this.#stop.throwIfAborted()
    if (code !== 0) throw new DatdotError('PROCESS_ENDED', `${name} ended with ${code}: ${error}`)
  }

  #membersOf(role: MemberRole): Member[] {
    return this.#members.filter(member => member.role === role)
  }

  #networkFlags(): string[] {
    const { chain, bootstrap } = this.#state
    const ours = chain === null ? [] : ['--chain', chain]
    return [...ours, '--bootstrap', bootstrap.join(','), '--host', '127.0.0.1', '--json']
  }

  #startMember(member: Member, args: readonly string[]): Child {
    const child = this.#keep(member.name, [...args, '--storage', member.storage, ...this.#networkFlags()])
    child.on(line => this.#tell({ type: 'member', member, line }))
    return child
  }

  /** Starts a process that runs as long as the network, and tells when it ends before. */
  #keep(name: string, args: readonly string[]): Child {
    const child = this.#processes.start(name, args)
    void child.exited.then(code => {
      if (child.stopping || this.closing) return
      this.#tell({ type: 'ended', name, reason: child.reason, error: child.ended(code) })
      this.#save().catch((error: Error) => this.#tell({ type: 'warning', text: error.message }))
    })
    return child
  }

  async #save(): Promise<void> {
    this.#state.nodes = this.#members.map(({ name, role, account, noiseKey, storage }) => ({
      name,
      role,
      account,
      noiseKey,
      storage,
      pid: this.#processes.pidOf(name)
    }))
    await this.#file.write(this.#state)
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

function ours(error: unknown): DatdotError {
  return isDatdotError(error) ? error : new DatdotError('INTERNAL', String(error), { cause: error })
}
