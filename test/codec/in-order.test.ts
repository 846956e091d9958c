import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import fc from 'fast-check'
import { inOrder } from '../../src/codec/in-order.ts'

async function* numbers(count: number): AsyncGenerator<number> {
  for (let i = 0; i < count; i++) yield i
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

test('inOrder - yields the results in the items’ order, never more open than the window', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.nat(20),
      fc.integer({ min: 1, max: 6 }),
      async (scheduler, count, window) => {
        let open = 0
        const work = async (item: number): Promise<number> => {
          open += 1
          assert.ok(open <= window)
          await scheduler.schedule(Promise.resolve())
          open -= 1
          return item
        }
        const results = all(inOrder(numbers(count), window, work))
        await scheduler.waitFor(results)
        assert.deepEqual(await results, [...Array(count).keys()])
      }
    ),
    { numRuns: 50 }
  )
})

/** A promise and what resolves it. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => {}
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  return { opened, open }
}

test('inOrder - the first error ends it and stops what is open', async () => {
  const { opened, open } = gate()
  const stops: Promise<unknown>[] = []
  const work = async (item: number, stop: AbortSignal): Promise<number> => {
    if (item < 2) return item
    if (item > 2) {
      stops.push(once(stop, 'abort'))
      if (stops.length === 2) open()
      await stops.at(-1)
    }
    await opened
    throw new Error(`${item} is bad`)
  }
  await assert.rejects(all(inOrder(numbers(5), 5, work)), /2 is bad/)
  assert.equal((await Promise.all(stops)).length, 2)
})

test('inOrder - a wide window makes no warning about listeners', async () => {
  const warnings: Error[] = []
  const onWarning = (warning: Error): void => {
    warnings.push(warning)
  }
  process.on('warning', onWarning)
  const { opened, open } = gate()
  let waiting = 0
  const work = async (item: number, stop: AbortSignal): Promise<number> => {
    stop.addEventListener('abort', () => {}, { once: true })
    waiting += 1
    if (waiting === 30) open()
    await opened
    return item
  }
  const { signal } = new AbortController()
  assert.equal((await all(inOrder(numbers(30), 30, work, signal))).length, 30)
  await new Promise(resolve => setImmediate(resolve))
  process.off('warning', onWarning)
  assert.deepEqual(warnings, [])
})
