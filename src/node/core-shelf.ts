import type { CoreHandle } from '../../roles/span.ts'
import type { CoreKey } from '../domain/ids.ts'
import type { Core } from '../hyper/core.ts'
import type { HyperNode, Joined } from '../hyper/node.ts'

interface Shelved {
  core: Core
  joined: Joined
}

export interface CoreShelfOptions {
  /** Others are told that the core is to be had here. */
  server: boolean
  /** So many cores stay while nobody uses them. */
  idle: number
  /** What was read of a core is deleted when it goes. */
  isTemporary?: boolean
}

/** Opens each core once for all who use it, and stays on its topic for a while after the last: roles come back. */
export class CoreShelf {
  readonly #hyper: HyperNode
  readonly #server: boolean
  readonly #most: number
  readonly #isTemporary: boolean
  readonly #shelf = new Map<CoreKey, Promise<Shelved>>()
  readonly #users = new Map<CoreKey, number>()
  readonly #idle = new Set<CoreKey>()
  readonly #ending = new Map<CoreKey, Promise<void>>()
  #closed = false

  constructor(hyper: HyperNode, options: CoreShelfOptions) {
    this.#hyper = hyper
    this.#server = options.server
    this.#most = options.idle
    this.#isTemporary = options.isTemporary ?? false
  }

  /** The core, announced and looked for at least until the handle is closed. */
  async open(key: CoreKey): Promise<CoreHandle> {
    // Counted before anything is waited for: a close meanwhile must not take the core away.
    this.#users.set(key, this.#usersOf(key) + 1)
    this.#idle.delete(key)
    let closed = false
    const end = async (purge: boolean) => {
      if (closed) return
      closed = true
      await this.#leave(key, purge)
    }
    try {
      const { core } = await this.#take(key)
      return handleOf(core, end)
    } catch (error) {
      await end(false)
      throw error
    }
  }

  /** Leaves all topics and closes all cores. */
  async close(): Promise<void> {
    this.#closed = true
    // At once: each waits for the DHT to take its goodbye.
    await Promise.all([...this.#shelf.keys()].map(key => this.#drop(key, false)))
    await Promise.all(this.#ending.values())
  }

  #usersOf(key: CoreKey): number {
    return this.#users.get(key) ?? 0
  }

  #take(key: CoreKey): Promise<Shelved> {
    const known = this.#shelf.get(key)
    if (known !== undefined) return known
    const opening = this.#open(key)
    this.#shelf.set(key, opening)
    opening.catch(() => this.#shelf.delete(key))
    return opening
  }

  async #open(key: CoreKey): Promise<Shelved> {
    await this.#ending.get(key)
    const core = await this.#hyper.openCore(key)
    return { core, joined: this.#hyper.join(core, { server: this.#server, client: true }) }
  }

  async #leave(key: CoreKey, purge: boolean): Promise<void> {
    const left = this.#usersOf(key) - 1
    this.#users.set(key, left)
    if (left > 0) return
    this.#users.delete(key)
    if (this.#closed || !this.#shelf.has(key)) return
    if (purge) return this.#drop(key, true)
    this.#idle.add(key)
    for (const oldest of this.#idle) {
      if (this.#idle.size <= this.#most) return
      this.#idle.delete(oldest)
      await this.#drop(oldest, this.#isTemporary)
    }
  }

  /** Whoever opens the core meanwhile waits until it has gone. */
  async #drop(key: CoreKey, purge: boolean): Promise<void> {
    const opening = this.#shelf.get(key)
    this.#shelf.delete(key)
    if (opening === undefined) return
    const ending = opening.then(shelved => endOf(shelved, purge))
    const gone = ending.then(
      () => undefined,
      () => undefined
    )
    this.#ending.set(key, gone)
    try {
      await ending
    } finally {
      if (this.#ending.get(key) === gone) this.#ending.delete(key)
    }
  }
}

async function endOf({ core, joined }: Shelved, purge: boolean): Promise<void> {
  await joined.leave()
  if (purge) await core.purge()
  else await core.close()
}

function handleOf(core: Core, end: (purge: boolean) => Promise<void>): CoreHandle {
  return {
    get length() {
      return core.length
    },
    get fork() {
      return core.fork
    },
    waitForLength: (length, options) => core.waitForLength(length, options),
    keepTree: (tree, options) => core.keepTree(tree, options),
    isTree: tree => core.isTree(tree),
    download: (start, end, options) => core.download(start, end, options),
    has: (start, end) => core.has(start, end),
    seek: (byte, options) => core.seek(byte, options),
    get: (index, options) => core.get(index, options),
    getLocal: index => core.getLocal(index),
    byteOffset: index => core.byteOffset(index),
    dropPlain: (start, end) => core.dropPlain(start, end),
    forget: (start, end) => core.forget(start, end),
    close: () => end(false),
    purge: () => end(true)
  }
}
