import './quiet.ts'
import {
  calculateStateRoot,
  destroyWorker,
  emptyTaskHandler,
  getRuntimeVersion,
  runTask
} from '@acala-network/chopsticks-core/wasm-executor/index'
import { DatdotError } from '../domain/errors.ts'
import type { Hex } from './hex.ts'

/** A call of the runtime's API: function name and SCALE arguments. */
export type RuntimeCall = readonly [name: string, args: Hex]

/** Keys written by a call, null = removed. */
export type Changes = Map<Hex, Hex | null>

/** What a runtime reads while it runs. */
export interface StateReader {
  get(key: Hex): Promise<Hex | undefined> | Hex | undefined
  nextKey(prefix: Hex, after: Hex): Promise<Hex | undefined> | Hex | undefined
}

export interface RuntimeVersionInfo {
  readonly specName: string
  readonly implName: string
  readonly authoringVersion: number
  readonly specVersion: number
  readonly implVersion: number
  readonly transactionVersion: number
  readonly stateVersion: number
  readonly apis: [Hex, number][]
}

/** Result of the last call of a task, and what all of them wrote. */
export interface TaskResult {
  readonly result: Hex
  readonly changes: Changes
}

interface Job {
  run: () => Promise<void>
}

let users = 0
let stopping: Promise<void> = Promise.resolve()
const urgent: Job[] = []
const normal: Job[] = []
let running = false
let drained: Promise<void> = Promise.resolve()

function drain(): void {
  if (!running) drained = runAll()
}

async function runAll(): Promise<void> {
  running = true
  for (let job = urgent.shift() ?? normal.shift(); job; job = urgent.shift() ?? normal.shift())
    await job.run()
  running = false
}

/** A worker that is ended in the middle of a task never answers, and everything behind that task would wait for ever. */
async function endWorker(): Promise<void> {
  await drained
  if (users === 0) await destroyWorker()
}

/**
 * Runs the runtime's wasm in Chopsticks' worker thread, one task at a time, those of a block first. A task costs about
 * 40 ms before its first instruction (the wasm is parsed each time), so calls are put into one task where possible.
 */
export class Executor {
  private open = true

  static async create(): Promise<Executor> {
    users += 1
    await stopping
    return new Executor()
  }

  /** Runs the calls in order over one state, each seeing the writes of those before; a trap rejects. */
  task(
    code: Hex,
    calls: readonly RuntimeCall[],
    reader: StateReader,
    options: { urgent?: boolean } = {}
  ): Promise<TaskResult> {
    const queue = options.urgent ? urgent : normal
    return new Promise((resolve, reject) => {
      queue.push({
        run: async () => {
          if (!this.open) return reject(new DatdotError('ABORTED', 'the chain was closed'))
          await runCalls(code, calls, reader).then(resolve, reject)
        }
      })
      drain()
    })
  }

  /** Calls waiting for the worker. */
  get waiting(): number {
    return urgent.length + normal.length
  }

  async version(code: Hex): Promise<RuntimeVersionInfo> {
    return await getRuntimeVersion(code)
  }

  /** Root of the state trie over these entries: version 1 for a state, 0 for a list of extrinsics. */
  async root(entries: [Hex, Hex][], version: 0 | 1): Promise<Hex> {
    return await calculateStateRoot(entries, version)
  }

  /** Gives the worker back; the last user ends it. */
  async close(): Promise<void> {
    if (!this.open) return
    this.open = false
    users -= 1
    if (users === 0) stopping = stopping.then(endWorker)
    await stopping
  }
}

async function runCalls(code: Hex, calls: readonly RuntimeCall[], reader: StateReader): Promise<TaskResult> {
  const handler = {
    ...emptyTaskHandler,
    getStorage: async (key: Hex) => await reader.get(key),
    getNextKey: async (prefix: Hex, key: Hex) => await reader.nextKey(prefix, key)
  }
  const task = {
    wasm: code,
    calls: calls.map(([name, args]): [string, Hex[]] => [name, [args]]),
    mockSignatureHost: false,
    allowUnresolvedImports: false,
    runtimeLogLevel: 0
  }
  const response = await runTask(task, handler as unknown as Parameters<typeof runTask>[1])
  if ('Error' in response) {
    const names = calls.map(([name]) => name).join(', ')
    throw new DatdotError('INTERNAL', `the runtime failed in ${names}: ${response.Error}`)
  }
  // a removed key comes with undefined, whatever the type says
  const changes = new Map(response.Call.storageDiff.map(([key, value]) => [key, value ?? null]))
  return { result: response.Call.result, changes }
}
