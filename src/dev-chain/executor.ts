import { DatdotError } from '../domain/errors.ts'
import { fromHex, type Hex } from './hex.ts'
import { type RuntimeVersionInfo, readVersion } from './runtime-version.ts'
import { Machine } from './wasm/machine.ts'
import { type Changes, NO_STATE, WorkingState } from './wasm/working-state.ts'

export type { Changes }

/** A call of the runtime's API: function name and SCALE arguments. */
export type RuntimeCall = readonly [name: string, args: Hex]

/** What a runtime reads while it runs. */
export interface StateReader {
  get(key: Hex): Promise<Hex | undefined> | Hex | undefined
  nextKey(prefix: Hex, after: Hex): Promise<Hex | undefined> | Hex | undefined
}

/** Result of the last call of a task, and what all of them wrote. */
export interface TaskResult {
  readonly result: Hex
  readonly changes: Changes
}

const MOST_MACHINES = 4
/** Compiled runtimes by their code, for all chains of this process. */
const machines = new Map<Hex, Machine>()

function machineOf(code: Hex): Machine {
  const known = machines.get(code)
  if (known !== undefined) return known
  const machine = compiled(code)
  if (machines.size >= MOST_MACHINES) machines.clear()
  machines.set(code, machine)
  return machine
}

function compiled(code: Hex): Machine {
  try {
    return new Machine(fromHex(code))
  } catch (cause) {
    throw new DatdotError('BAD_CONFIG', 'the code is no runtime that this chain can run', { cause })
  }
}

/** Runs the runtime's wasm, one task at a time, those of a block first; between two tasks everything else has its turn. */
export class Executor {
  private open = true
  private running = false
  private readonly urgent: (() => Promise<void>)[] = []
  private readonly normal: (() => Promise<void>)[] = []

  /** Runs the calls in order over one state, each seeing the writes of those before; a trap rejects. */
  task(
    code: Hex,
    calls: readonly RuntimeCall[],
    reader: StateReader,
    options: { urgent?: boolean } = {}
  ): Promise<TaskResult> {
    const queue = options.urgent ? this.urgent : this.normal
    return new Promise((resolve, reject) => {
      queue.push(async () => {
        if (!this.open) return reject(new DatdotError('ABORTED', 'the chain was closed'))
        await runCalls(code, calls, reader).then(resolve, reject)
      })
      void this.drain()
    })
  }

  async version(code: Hex): Promise<RuntimeVersionInfo> {
    const { result } = await this.task(code, [['Core_version', '0x']], NO_STATE)
    return readVersion(result)
  }

  /** Refuses what still waits. */
  close(): void {
    this.open = false
  }

  private async drain(): Promise<void> {
    if (this.running) return
    this.running = true
    for (let job = this.next(); job; job = this.next()) {
      await job()
      await new Promise(setImmediate)
    }
    this.running = false
  }

  private next(): (() => Promise<void>) | undefined {
    return this.urgent.shift() ?? this.normal.shift()
  }
}

/** Rejects as well when the code is no runtime. */
async function runCalls(code: Hex, calls: readonly RuntimeCall[], reader: StateReader): Promise<TaskResult> {
  const machine = machineOf(code)
  const known = new Answers(reader)
  for (;;) {
    try {
      const state = new WorkingState(known)
      let result: Hex = '0x'
      for (const [name, args] of calls) result = machine.call(name, args, state)
      return { result, changes: state.changes }
    } catch (error) {
      if (!(error instanceof Awaited)) throw error
      await error.answer
    }
  }
}

/** Thrown through a runtime that asks for what the state's reader has to look up; the calls begin again when it is there. */
class Awaited extends Error {
  readonly answer: Promise<void>

  constructor(answer: Promise<void>) {
    super('looked up')
    this.answer = answer
  }
}

/** A reader's answers, at once: wasm cannot wait. The head's state answers at once by itself. */
class Answers {
  private readonly reader: StateReader
  private readonly known = new Map<string, Hex | undefined>()

  constructor(reader: StateReader) {
    this.reader = reader
  }

  get(key: Hex): Hex | undefined {
    return this.ask(key, () => this.reader.get(key))
  }

  nextKey(prefix: Hex, after: Hex): Hex | undefined {
    return this.ask(`${prefix}>${after}`, () => this.reader.nextKey(prefix, after))
  }

  private ask(question: string, look: () => Promise<Hex | undefined> | Hex | undefined): Hex | undefined {
    if (this.known.has(question)) return this.known.get(question)
    const answer = look()
    if (!(answer instanceof Promise)) return answer
    throw new Awaited(answer.then(value => void this.known.set(question, value)))
  }
}
