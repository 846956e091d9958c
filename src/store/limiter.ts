import { DatdotError } from '../domain/errors.ts'

/** Lets at most `limit` steps run at once; the others wait in order. */
export class Limiter {
  readonly #limit: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Runs a step in its turn; rejects with ABORTED when the signal fires before. */
  async run<T>(step: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) throw aborted(signal)
    if (this.#running < this.#limit) this.#running += 1
    else await this.#turn(signal)
    try {
      return await step()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running -= 1
    }
  }

  #turn(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1)
        reject(aborted(signal))
      }
      const go = () => {
        signal?.removeEventListener('abort', stop)
        resolve()
      }
      this.#waiting.push(go)
      signal?.addEventListener('abort', stop, { once: true })
    })
  }
}

function aborted(signal?: AbortSignal): DatdotError {
  return new DatdotError('ABORTED', undefined, { cause: signal?.reason })
}
