import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Answer, PeerKinds, PeerName, Request } from './messages.ts'

type Method<P> = { [K in keyof P]: P[K] extends (...args: never[]) => unknown ? K : never }[keyof P]
type Args<P, K extends keyof P> = P[K] extends (...args: infer A) => unknown ? A : never
type Result<P, K extends keyof P> = P[K] extends (...args: never[]) => infer R ? Awaited<R> : never

interface Waiting {
  resolve(value: unknown): void
  reject(error: Error): void
}

/** One participant in a process of its own: its methods are called by message. */
export class PeerProcess<N extends PeerName> {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, Waiting>()
  #next = 0

  constructor(name: N) {
    const url = new URL('./main.js', import.meta.url)
    this.#child = fork(url, [name], {
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc']
    })
    this.#child.on('message', message => this.#onAnswer(message as Answer))
    this.#child.once('exit', code => this.#failAll(new Error(`the ${name} process ended (${code})`)))
  }

  call<K extends Method<PeerKinds[N]>>(
    method: K,
    ...args: Args<PeerKinds[N], K>
  ): Promise<Result<PeerKinds[N], K>> {
    return this.#request(String(method), args) as Promise<Result<PeerKinds[N], K>>
  }

  /** Most bytes of memory (RSS) that the process held so far. */
  peakBytes(): Promise<number> {
    return this.#request('peakBytes', []) as Promise<number>
  }

  /** Closes what the peer holds and waits until the process is gone. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const gone = once(this.#child, 'exit')
    // An exit in the middle of closing is an exit all the same.
    await this.#request('close', []).catch(() => undefined)
    if (this.#child.connected) this.#child.disconnect()
    await gone
  }

  #request(method: string, args: readonly unknown[]): Promise<unknown> {
    const id = this.#next++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#child.send({ id, method, args } satisfies Request, error => {
        if (error && this.#waiting.delete(id)) reject(error)
      })
    })
  }

  #onAnswer({ id, value, error }: Answer): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (error === undefined) waiting?.resolve(value)
    else waiting?.reject(new Error(error))
  }

  #failAll(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }
}
