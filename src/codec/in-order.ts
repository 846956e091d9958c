import { setMaxListeners } from 'node:events'

/** Resolves as `promise` does, or rejects with the signal's reason as soon as it is aborted. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason)
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

/**
 * Runs `work` over `items` with at most `window` open at a time and yields the results in the items' order.
 * Reading of items goes on while results are computed. The first error, or leaving early, ends everything: `stop` is
 * aborted, so that no work is left behind.
 */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  window: number,
  work: (item: Item, stop: AbortSignal) => Promise<Result>,
  signal?: AbortSignal
): AsyncGenerator<Result> {
  const own = new AbortController()
  const stop = signal === undefined ? own.signal : AbortSignal.any([signal, own.signal])
  setMaxListeners(0, stop) // one listener for each item that is open
  const iterator = items[Symbol.asyncIterator]()
  const open: Promise<Result>[] = []
  let next: Promise<IteratorResult<Item>> | null = null
  let ended = false
  try {
    while (true) {
      if (!ended && next === null && open.length < window) next = handled(iterator.next())
      const head = open[0]
      if (next === null && head === undefined) return
      const wins = [next?.then(() => true), head?.then(() => false)].filter(race => race !== undefined)
      if ((await abortable(Promise.race(wins), signal)) && next !== null) {
        const result: IteratorResult<Item> = await next
        next = null
        if (result.done) ended = true
        else open.push(handled(work(result.value, stop)))
      } else if (head !== undefined) {
        open.shift()
        yield await head
      }
    }
  } finally {
    own.abort()
    const returned = iterator.return?.()
    if (next === null) await returned
    else returned?.catch(() => {}) // the source hangs in next(): it ends when it can, its error has no reader left
  }
}

/** Rejections are seen by whoever awaits the promise later; until then they are not unhandled. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}
