import type { CoreKey } from '../../src/domain/ids.ts'

interface Turn {
  fork: bigint
  users: number
  over: Promise<void>
  end(): void
}

/** A core has one fork here at a time: whoever needs the one that is here goes on at once, the others wait until it is free. */
export class ForkTurns {
  readonly #turns = new Map<CoreKey, Turn>()

  /** Resolves with what gives the core back; rejects when the signal fires. */
  async take(key: CoreKey, fork: bigint, signal: AbortSignal): Promise<() => void> {
    for (;;) {
      signal.throwIfAborted()
      const turn = this.#turns.get(key)
      if (turn === undefined || turn.fork === fork) break
      await over(turn, signal)
    }
    const turn = this.#turns.get(key) ?? this.#begin(key, fork)
    turn.users += 1
    return () => {
      turn.users -= 1
      if (turn.users > 0) return
      this.#turns.delete(key)
      turn.end()
    }
  }

  #begin(key: CoreKey, fork: bigint): Turn {
    let end = () => {}
    const ended = new Promise<void>(resolve => {
      end = resolve
    })
    const turn = { fork, users: 0, over: ended, end }
    this.#turns.set(key, turn)
    return turn
  }
}

function over(turn: Turn, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    void turn.over.then(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    })
  })
}
