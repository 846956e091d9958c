import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { warningOf } from '../../roles/runner.ts'
import { connect } from '../../src/chain-client/client.ts'
import { cryptoReady, newPhrase, phraseToMiniSecret } from '../../src/chain-client/keys.ts'
import type { Chain, Submitter } from '../../src/chain-client/types.ts'
import { DAT } from '../../src/domain/amounts.ts'
import type { ChainEvent } from '../../src/domain/chain-events.ts'
import { isDatdotError } from '../../src/domain/errors.ts'
import type { Height } from '../../src/domain/ids.ts'
import { periodStart } from '../../src/domain/periods.ts'
import type { NodeEvent } from '../../src/events.ts'
import { type Bootstrap, startBootstrap } from '../../src/hyper/bootstrap.ts'
import type { BaseConfig, BaseModules, NodeBase } from '../../src/node/base.ts'
import { identityOf, type NodeIdentity } from '../../src/node/identity.ts'
import { PinnerNode } from '../../src/node/pinner.ts'
import { SignerNode } from '../../src/node/signer.ts'
import { VerifierNode } from '../../src/node/verifier.ts'
import { StorageFolder } from '../../src/store/folder.ts'
import { createKeyFile } from '../../src/store/key-file.ts'
import { currentPeriod } from './current-period.ts'
import { EventLog } from './event-log.ts'
import { TestChain } from './test-chain.ts'

export type ProviderKind = 'signer' | 'pinner' | 'verifier'
export type ProviderNode = NodeBase & { run(signal: AbortSignal): Promise<void> }

type Tell = (name: string, event: NodeEvent, isHonest: boolean) => void

/** Prints what nodes tell, for whoever looks for a fault. */
const VERBOSE = process.env['DATDOT_TEST_VERBOSE'] !== undefined

export interface NetworkOptions {
  signers: number
  pinners: number
  verifiers: number
  blockTimeMs?: number
  /** Nodes talk to the chain over a socket, so that it can be taken away from them. */
  socket?: boolean
  /** Providers that the test starts itself, by name. */
  late?: readonly string[]
  /** Makes another node than the honest one for the names that it knows, null for the others. */
  makeNode?: (name: string, config: BaseConfig, modules: BaseModules) => ProviderNode | null
}

/** A provider of the test network: it can be stopped and started again on its folder. */
export interface Provider {
  readonly name: string
  readonly kind: ProviderKind
  readonly storage: string
  readonly identity: NodeIdentity
  node: ProviderNode | null
  start(): Promise<void>
  stop(): Promise<void>
}

/** All of a small network in this process, on the embedded chain. */
export class Network {
  readonly folder: string
  readonly chain: TestChain
  readonly client: Chain
  readonly bootstrap: Bootstrap
  readonly supporter: Submitter
  readonly providers: readonly Provider[]
  /** What nodes warned of, with their names. */
  readonly warnings: string[] = []
  /** Warnings of honest nodes that nobody foresaw. */
  readonly #unforeseen: string[] = []
  readonly #listeners = new Set<(name: string, event: NodeEvent) => void>()
  readonly #log: EventLog

  private constructor(parts: {
    folder: string
    chain: TestChain
    client: Chain
    bootstrap: Bootstrap
    supporter: Submitter
    providers: readonly Provider[]
  }) {
    this.folder = parts.folder
    this.chain = parts.chain
    this.client = parts.client
    this.bootstrap = parts.bootstrap
    this.supporter = parts.supporter
    this.providers = parts.providers
    this.#log = new EventLog(parts.client)
  }

  static async start(options: NetworkOptions): Promise<Network> {
    await cryptoReady()
    const bootstrap = await startDht()
    const folder = await mkdtemp(join(tmpdir(), 'datdot-net-'))
    const members = await makeMembers(folder, options)
    const supporterKeys = identityOf(phraseToMiniSecret(newPhrase())).keys
    const endowed = [
      { account: `0x${supporterKeys.account}` as const, amount: 10_000n * DAT },
      ...members.map(({ identity }) => ({ account: `0x${identity.account}` as const, amount: 100n * DAT }))
    ]
    const blockTimeMs = options.blockTimeMs ?? 150
    const chain = await TestChain.start(
      { storage: join(folder, 'chain'), blockTimeMs, endowed },
      options.socket ?? false
    )
    const { config, modules } = chain.access
    const client = await connect({ urls: config.chain, ...modules })
    const supporter = client.account(supporterKeys)
    const tell: Tell = (...told) => network.#tell(...told)
    const providers = members.map(member =>
      makeProvider(member, { chain, bootstrap, tell, makeNode: options.makeNode })
    )
    const network = new Network({ folder, chain, client, bootstrap, supporter, providers })
    try {
      await Promise.all(
        providers
          .filter(({ name }) => options.late?.includes(name) !== true)
          .map(async provider => {
            await provider.start()
            await registered(network, provider)
          })
      )
      if (options.verifiers > 0) await chain.mineTo(completeAt(network))
    } catch (error) {
      await network.close()
      throw error
    }
    return network
  }

  of(kind: ProviderKind): Provider[] {
    return this.providers.filter(provider => provider.kind === kind)
  }

  /** A configuration for another node of this network. */
  config(name: string): BaseConfig {
    return configOf(join(this.folder, name), this.chain, this.bootstrap)
  }

  get modules(): BaseModules {
    return this.chain.access.modules
  }

  /** All events of the blocks up to that height, once they are final. */
  upTo(height: Height): Promise<ChainEvent[]> {
    return this.#log.upTo(height)
  }

  /** All events so far, and those to come, until one is accepted. */
  event<E extends ChainEvent>(accept: (event: ChainEvent) => event is E): Promise<E>
  event(accept: (event: ChainEvent) => boolean): Promise<ChainEvent>
  event(accept: (event: ChainEvent) => boolean): Promise<ChainEvent> {
    return this.#log.event(accept)
  }

  /** Resolves with the next thing that a node tells and `accept` takes. */
  told(name: string, accept: (event: NodeEvent) => boolean): Promise<NodeEvent> {
    return new Promise(resolve => {
      const listener = (from: string, event: NodeEvent) => {
        if (from !== name || !accept(event)) return
        this.#listeners.delete(listener)
        resolve(event)
      }
      this.#listeners.add(listener)
    })
  }

  #tell(...[name, event, isHonest]: Parameters<Tell>): void {
    if (event.type === 'warning') {
      const warning = `${name}: ${event.code}: ${event.message}`
      this.warnings.push(warning)
      if (isHonest && event.code === 'INTERNAL') this.#unforeseen.push(warning)
    }
    if (VERBOSE && event.type !== 'height') process.stderr.write(`${name} ${toJson(event)}\n`)
    for (const listener of this.#listeners) listener(name, event)
  }

  /** Every event of the chain so far. */
  get events(): ChainEvent[] {
    return this.#log.events
  }

  async close(): Promise<void> {
    for (const provider of this.providers) await provider.stop()
    await this.#log.close()
    await this.client.close()
    await this.chain.stop()
    await this.bootstrap.close()
    await rm(this.folder, { recursive: true, force: true })
    assert.deepEqual(this.#unforeseen, [])
  }
}

function toJson(event: NodeEvent): string {
  return JSON.stringify(event, (_, value) => (typeof value === 'bigint' ? String(value) : value))
}

/** Not at hyperdht's own port, which a node that is started while the DHT is away would take, but at any that is free. */
async function startDht(): Promise<Bootstrap> {
  for (;;)
    try {
      return await startBootstrap({ port: randomInt(20_000, 30_000) })
    } catch (error) {
      if (!isDatdotError(error, 'PORT_IN_USE')) throw error
    }
}

interface Member {
  name: string
  kind: ProviderKind
  storage: string
  identity: NodeIdentity
}

async function makeMembers(folder: string, options: NetworkOptions): Promise<Member[]> {
  const counts = { signer: options.signers, pinner: options.pinners, verifier: options.verifiers }
  const members: Member[] = []
  for (const [kind, count] of Object.entries(counts) as [ProviderKind, number][])
    for (let i = 1; i <= count; i++) {
      const phrase = newPhrase()
      const name = `${kind}-${i}`
      const storage = await StorageFolder.open(join(folder, name))
      await createKeyFile(storage, phrase)
      await storage.close()
      members.push({ name, kind, storage: storage.path, identity: identityOf(phraseToMiniSecret(phrase)) })
    }
  return members
}

function configOf(storage: string, chain: TestChain, bootstrap: Bootstrap): BaseConfig {
  const { config } = chain.access
  return { storage, ...config, passphraseFile: null, bootstrap: bootstrap.addresses, host: '127.0.0.1' }
}

interface ProviderParts extends Pick<NetworkOptions, 'makeNode'> {
  chain: TestChain
  bootstrap: Bootstrap
  tell: Tell
}

function makeProvider(member: Member, { chain, bootstrap, tell, makeNode }: ProviderParts): Provider {
  let abort = new AbortController()
  let running: Promise<void> = Promise.resolve()
  const provider: Provider = {
    ...member,
    node: null,
    start: async () => {
      const config = configOf(member.storage, chain, bootstrap)
      const { modules } = chain.access
      const other = makeNode?.(member.name, config, modules) ?? null
      const node = other ?? honestNode(member.kind, config, modules)
      const isHonest = other === null
      provider.node = node
      node.events.on(event => tell(member.name, event, isHonest))
      await node.ready()
      abort = new AbortController()
      running = node.run(abort.signal)
      running.catch((error: unknown) =>
        tell(member.name, { ...warningOf('the role ended', error) }, isHonest)
      )
    },
    stop: async () => {
      const { node } = provider
      provider.node = null
      abort.abort()
      await Promise.allSettled([running])
      await node?.close()
    }
  }
  return provider
}

function honestNode(kind: ProviderKind, config: BaseConfig, modules: BaseModules): ProviderNode {
  if (kind === 'signer') return new SignerNode(config, { workers: 1 }, modules)
  if (kind === 'pinner') return new PinnerNode(config, { capacity: 2 ** 30 }, modules)
  return new VerifierNode(config, modules)
}

async function registered(network: Network, provider: Provider): Promise<void> {
  const { account } = provider.identity
  const is = async () => (await (await network.client.snapshot()).provider(account)) !== null
  const signal = AbortSignal.timeout(60_000)
  for await (const _ of network.client.heads(signal)) if (await is()) return
  throw new Error(`${provider.name} did not register`)
}

/** The block from which on a copy's first period has all verifiers of now: they count from the second period after their first block. */
function completeAt(network: Network): Height {
  return periodStart(currentPeriod(network) + 1, network.client.constants.period)
}
