import { DatdotError } from '../../domain/errors.ts'
import { fromHex, type Hex, toHex } from '../hex.ts'
import { type Fat, Heap } from './heap.ts'
import { type HostContext, hostFunctions } from './imports.ts'
import { NO_STATE, WorkingState } from './working-state.ts'

interface Instance {
  readonly heap: Heap
  readonly exports: Record<string, unknown>
  /** What the call under way works on. */
  context: HostContext | null
}

/**
 * A runtime's wasm in this thread. It is compiled once, and one instance runs all calls, each on a memory as new: to make
 * either anew costs more than most calls do.
 */
export class Machine {
  private readonly module: WebAssembly.Module
  private idle: Instance | null = null

  constructor(code: Uint8Array) {
    this.module = new WebAssembly.Module(code)
  }

  /** Runs a function of the runtime's API over a state; throws INTERNAL when it traps. */
  call(name: string, args: Hex, state: WorkingState): Hex {
    const instance = this.idle ?? this.start()
    const entry = instance.exports[name]
    if (typeof entry !== 'function') throw new DatdotError('INTERNAL', `the runtime has no ${name}`)
    const { heap } = instance
    instance.context = { heap, state, versionOf }
    const input = fromHex(args)
    // A call that does not come back leaves a stack behind that cannot be unwound: its instance is not used again.
    this.idle = null
    const result = toHex(heap.read(run(() => entry(heap.put(input), input.length), name)))
    heap.reset()
    instance.context = null
    this.idle = instance
    return result
  }

  private start(): Instance {
    const heap = new Heap()
    const context = () => {
      if (instance.context === null) throw new DatdotError('INTERNAL', 'no call is under way')
      return instance.context
    }
    const env = { memory: heap.memory, ...hostFunctions(context) }
    const { exports } = new WebAssembly.Instance(this.module, { env })
    const instance: Instance = { heap, exports, context: null }
    heap.begin((exports['__heap_base'] as WebAssembly.Global).value)
    return instance
  }
}

function run(entry: () => Fat, name: string): Fat {
  try {
    return entry()
  } catch (cause) {
    if (!(cause instanceof Error) || cause.name !== 'RuntimeError') throw cause
    throw new DatdotError('INTERNAL', `the runtime failed in ${name}: ${cause.message}`, {
      cause
    })
  }
}

function versionOf(code: Uint8Array): Uint8Array | null {
  try {
    return fromHex(new Machine(code).call('Core_version', '0x', new WorkingState(NO_STATE)))
  } catch {
    return null
  }
}
