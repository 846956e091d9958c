import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ProviderInterface } from '@polkadot/rpc-provider/types'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import { DatdotError } from '../domain/errors.ts'
import { BlockDatabase } from './block-database.ts'
import { Chain } from './chain.ts'
import { Executor } from './executor.ts'
import { fromHex, type Hex, toHex } from './hex.ts'
import type { BlockTime, DevChainEvent, DevChainOptions } from './options.ts'
import { LocalProvider } from './rpc/local-provider.ts'
import { RpcServer } from './rpc/server.ts'
import { ScaleReader } from './scale.ts'
import { Ticker } from './ticker.ts'
import { NO_STATE } from './wasm/working-state.ts'

const DEFAULT_PORT = 9944
const DEFAULT_BLOCK_TIME_MS = 600
const DEFAULT_KEEP_BLOCKS = 14_400

/** The committed fast build of the runtime. */
export const FAST_RUNTIME = fileURLToPath(
  new URL('../../../chain/artifacts/datdot-runtime.fast.wasm', import.meta.url)
)

interface Parts {
  readonly chain: Chain
  readonly executor: Executor
  readonly database: BlockDatabase
  readonly blockTime: BlockTime
  readonly temporary: string | null
  readonly log: (event: DevChainEvent) => void
}

/**
 * The real runtime in an embedded chain: one process, one author, every block final at once. Its interface to everyone else is
 * Substrate's JSON-RPC, so the same client runs against any node.
 */
export class DevChain {
  private readonly parts: Parts
  private server: RpcServer | null = null
  private ticker: Ticker | null = null
  private closing: Promise<void> | null = null
  private draining = false

  private constructor(parts: Parts) {
    this.parts = parts
  }

  /**
   * Starts or resumes a chain; RUNTIME_MISMATCH if the folder holds one of another runtime or genesis, STORAGE_LOCKED,
   * PORT_IN_USE.
   */
  static async create(options: DevChainOptions): Promise<DevChain> {
    await cryptoWaitReady()
    const code = await readRuntime(options.wasm ?? FAST_RUNTIME)
    const blockTime = checked(options.blockTimeMs ?? DEFAULT_BLOCK_TIME_MS)
    const temporary = options.storage === null ? await mkdtemp(join(tmpdir(), 'datdot-chain-')) : null
    const executor = new Executor()
    const opened: { close(): Promise<void> | void }[] = [executor]
    try {
      const database = await BlockDatabase.open(options.storage ?? (temporary as string))
      opened.push(database)
      const genesis = { code, preset: options.preset ?? 'development', endowed: options.endowed ?? [] }
      const keepBlocks = options.keepBlocks ?? DEFAULT_KEEP_BLOCKS
      const chain = await Chain.open({
        executor,
        database,
        genesis,
        slotMs: await slotMs(executor, code),
        keepBlocks
      })
      const log = options.log ?? (() => undefined)
      const self = new DevChain({ chain, executor, database, blockTime, temporary, log })
      opened.push({ close: () => chain.close() })
      await self.start(options.port === undefined ? DEFAULT_PORT : options.port, options.host ?? '127.0.0.1')
      return self
    } catch (error) {
      for (const part of opened.reverse()) await part.close()
      if (temporary) await rm(temporary, { recursive: true, force: true })
      throw error
    }
  }

  /** `ws://…` of the JSON-RPC server; throws if the chain was made without one. */
  get url(): string {
    if (!this.server) throw new DatdotError('BAD_ARGUMENT', 'this chain has no server')
    return this.server.url
  }

  /** A provider for @polkadot/api that needs no socket; one for each client. */
  provider(): ProviderInterface {
    return new LocalProvider(this.parts.chain)
  }

  get height(): number {
    return this.parts.chain.height
  }

  get headHash(): Hex {
    return this.parts.chain.head.hash
  }

  /** Hash of block 0, the one that the runtime sees in `block_hash(0)`. */
  get genesisHash(): Hex {
    return this.parts.chain.genesisHash
  }

  /** Makes blocks now, at any block time; what was submitted before is in the first if it fits and is valid. */
  async mine(count = 1): Promise<void> {
    await this.parts.chain.settled()
    for (let i = 0; i < count; i++) await this.make()
  }

  /** Ends the block under way, then lets go of everything. */
  close(): Promise<void> {
    this.closing ??= this.end()
    return this.closing
  }

  private async end(): Promise<void> {
    const { chain, database, executor, temporary } = this.parts
    await this.ticker?.stop()
    await this.server?.close()
    await chain.close()
    executor.close()
    await database.close()
    if (temporary) await rm(temporary, { recursive: true, force: true })
  }

  private async start(port: number | null, host: string): Promise<void> {
    const { chain, blockTime, log } = this.parts
    if (port !== null) this.server = await RpcServer.listen(chain, host, port)
    chain.on('refused', ({ hash, reason }) => log({ type: 'extrinsic-dropped', hash, reason }))
    if (typeof blockTime === 'number') this.ticker = new Ticker(blockTime, () => this.tick())
    if (blockTime === 'instant') chain.on('ready', () => void this.drainPool())
  }

  private async tick(): Promise<boolean> {
    try {
      await this.make()
      return true
    } catch (error) {
      this.parts.log({ type: 'block-failed', height: this.height + 1, error })
      return false
    }
  }

  private async drainPool(): Promise<void> {
    if (this.draining) return
    this.draining = true
    for (let made = true; made && this.parts.chain.pool.hasReady && !this.closing; ) made = await this.tick()
    this.draining = false
  }

  private async make(): Promise<void> {
    if (this.closing) throw new DatdotError('ABORTED', 'the chain was closed')
    const { chain, blockTime, log } = this.parts
    const started = performance.now()
    const onGrid = typeof blockTime === 'number'
    const block = await chain.mine(onGrid ? Date.now() : null, onGrid ? blockTime : undefined)
    log({
      type: 'block',
      height: block.header.number,
      hash: block.hash,
      extrinsics: block.extrinsics.length,
      durationMs: Math.round(performance.now() - started)
    })
  }
}

async function readRuntime(path: string): Promise<Hex> {
  try {
    return toHex(await readFile(path))
  } catch (error) {
    throw new DatdotError('NOT_FOUND', `there is no runtime at ${path}`, { cause: error })
  }
}

function checked(blockTime: BlockTime): BlockTime {
  if (typeof blockTime === 'number' && !(Number.isSafeInteger(blockTime) && blockTime >= 50)) {
    throw new DatdotError('BAD_ARGUMENT', `a block time of ${blockTime} ms is not possible; at least 50 ms`)
  }
  return blockTime
}

// BabeApi_configuration begins with the slot duration.
async function slotMs(executor: Executor, code: Hex): Promise<number> {
  const { result } = await executor.task(code, [['BabeApi_configuration', '0x']], NO_STATE)
  return Number(new ScaleReader(fromHex(result)).u64())
}
