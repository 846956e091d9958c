/** Runs pieces of work at once whose weights come to no more than `limit`, or one alone; the others wait in order. */
export function limiter(limit: number): <T>(weight: number, work: () => Promise<T>) => Promise<T> {
  const waiting: { weight: number; begin: () => void }[] = []
  let running = 0
  const fits = (weight: number) => running === 0 || running + weight <= limit
  const next = () => {
    for (let first = waiting[0]; first && fits(first.weight); first = waiting[0]) {
      waiting.shift()
      running += first.weight
      first.begin()
    }
  }
  return async (weight, work) => {
    await new Promise<void>(begin => {
      waiting.push({ weight, begin })
      next()
    })
    try {
      return await work()
    } finally {
      running -= weight
      next()
    }
  }
}
