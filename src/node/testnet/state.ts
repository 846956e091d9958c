import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { DatdotError } from '../../domain/errors.ts'
import { writeFileAtomically } from '../../store/atomic-file.ts'
import { hex32 } from '../../store/value.ts'

const State = z.strictObject({
  /** Url of the chain; null while it does not run. */
  chain: z.string().nullable(),
  /** DHT nodes to begin with, host:port. */
  bootstrap: z.array(z.string()),
  /** The core that is pinned; null until its author has made it. */
  core: hex32.nullable(),
  /** Path of the file that the core was made of. */
  input: z.string(),
  nodes: z.array(
    z.strictObject({
      name: z.string(),
      role: z.string(),
      account: hex32,
      noiseKey: hex32,
      storage: z.string(),
      /** Process id; null while it does not run. */
      pid: z.int().positive().nullable()
    })
  )
})

/** What other programs find in `testnet.json`. */
export type TestnetState = z.output<typeof State>

const path = (storage: string) => join(storage, 'testnet.json')

/** The state that an earlier run left in the folder, or null; throws RECORDS_DAMAGED. */
export async function readState(storage: string): Promise<TestnetState | null> {
  let text: string
  try {
    text = await readFile(path(storage), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  try {
    return State.parse(JSON.parse(text))
  } catch (cause) {
    throw new DatdotError('RECORDS_DAMAGED', `${path(storage)} is not a state of a local network`, { cause })
  }
}

/** `testnet.json` of a folder: each writing replaces it in one step, one after another. */
export class StateFile {
  readonly #storage: string
  #last: Promise<void> = Promise.resolve()

  constructor(storage: string) {
    this.#storage = storage
  }

  write(state: TestnetState): Promise<void> {
    const text = `${JSON.stringify(state, null, 2)}\n`
    const writing = this.#last.then(() => writeFileAtomically(path(this.#storage), text))
    // Whoever wrote gets the failure; the next writing is another try.
    this.#last = writing.catch(() => undefined)
    return writing
  }
}
