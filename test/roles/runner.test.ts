import assert from 'node:assert/strict'
import test from 'node:test'
import { type Duty, type DutyLimit, Runner } from '../../roles/runner.ts'
import { DatdotError, type ErrorCode } from '../../src/domain/errors.ts'
import type { NodeEvent } from '../../src/events.ts'

interface Job extends Duty {
  starts: number
  signal: AbortSignal | null
  finish(height?: number): void
  fail(error: Error): void
}

/** A duty that ends when the test says so. */
function job(key: string, group?: string, limit?: DutyLimit): Job {
  let settle: { resolve(height: number | undefined): void; reject(error: Error): void } | undefined
  const made: Job = {
    key,
    ...(group === undefined ? {} : { group }),
    ...(limit === undefined ? {} : { limit }),
    starts: 0,
    signal: null,
    run: signal => {
      made.starts += 1
      made.signal = signal
      return new Promise((resolve, reject) => {
        settle = { resolve, reject }
      })
    },
    finish: height => settle?.resolve(height),
    fail: error => settle?.reject(error)
  }
  return made
}

function bench() {
  const events: NodeEvent[] = []
  const waiting: (() => void)[] = []
  const runner = new Runner(
    event => events.push(event),
    () => {
      for (const wake of waiting.splice(0)) wake()
    }
  )
  const changed = () => new Promise<void>(resolve => waiting.push(resolve))
  return { runner, events, changed }
}

test('runner - starts a due duty once while it runs', () => {
  const { runner } = bench()
  const one = job('a')
  runner.update(1, [one])
  runner.update(2, [one])
  assert.equal(one.starts, 1)
})

test('runner - does not repeat a done duty before the height that shows it', async () => {
  const { runner, changed } = bench()
  const one = job('a')
  runner.update(1, [one])
  one.finish(5)
  await changed()
  runner.update(4, [one])
  assert.equal(one.starts, 1)
  runner.update(5, [one])
  assert.equal(one.starts, 2)
})

test('runner - repeats a done duty that is still due at the next head, not at the same', async () => {
  const { runner, changed } = bench()
  const one = job('a')
  runner.update(1, [one])
  one.finish()
  await changed()
  runner.update(1, [one])
  assert.equal(one.starts, 1)
  runner.update(2, [one])
  assert.equal(one.starts, 2)
})

/** Heads, to the 16th, at which a duty is tried that fails each time, and what is told of it. */
async function failures(changes: Partial<Duty>, code: ErrorCode) {
  const { runner, events, changed } = bench()
  const one = Object.assign(job('a'), changes)
  const starts: number[] = []
  for (let height = 1; height <= 16; height++) {
    const before = one.starts
    runner.update(height, [one])
    if (one.starts === before) continue
    starts.push(height)
    one.fail(new DatdotError(code))
    await changed()
  }
  return { starts, told: events.flatMap(event => (event.type === 'warning' ? [event.code] : [])) }
}

test('runner - tells of a failure and waits longer each time', async () => {
  const { starts, told } = await failures({}, 'CALL_REFUSED')
  assert.deepEqual(starts, [1, 2, 4, 8, 16])
  assert.deepEqual(
    told,
    starts.map(() => 'CALL_REFUSED')
  )
})

test('runner - help that is refused waits as long, and only other trouble with it is told', async () => {
  const refused = await failures({ isHelp: true }, 'CALL_REFUSED')
  assert.deepEqual(refused, { starts: [1, 2, 4, 8, 16], told: [] })
  const away = await failures({ isHelp: true }, 'CHAIN_UNREACHABLE')
  assert.equal(away.told.length, 5)
})

test('runner - begins anew after success', async () => {
  const { runner, changed } = bench()
  const one = job('a')
  const end = async (height: number, how: () => void) => {
    runner.update(height, [one])
    how()
    await changed()
  }
  await end(1, () => one.fail(new Error('no')))
  await end(2, () => one.fail(new Error('no')))
  await end(4, () => one.finish())
  await end(5, () => one.fail(new Error('no')))
  runner.update(6, [one])
  assert.equal(one.starts, 5)
})

test('runner - stops what is no longer due, without a warning', async () => {
  const { runner, events, changed } = bench()
  const one = job('a')
  runner.update(1, [one])
  runner.update(2, [])
  assert.equal(one.signal?.aborted, true)
  one.fail(new DatdotError('ABORTED'))
  await changed()
  assert.deepEqual(events, [])
})

test('runner - begins what replaces a stopped duty only after it stopped', async () => {
  const { runner, changed } = bench()
  const [accept, clean, other] = [job('accept', 'copy 1'), job('clean', 'copy 1'), job('clean 2', 'copy 2')]
  runner.update(1, [accept])
  runner.update(2, [clean, other])
  assert.equal(clean.starts, 0)
  assert.equal(other.starts, 1)
  accept.fail(new DatdotError('ABORTED'))
  await changed()
  runner.update(2, [clean, other])
  assert.equal(clean.starts, 1)
})

test('runner - close stops all, waits for it, and starts nothing more', async () => {
  const { runner } = bench()
  const one = job('a')
  runner.update(1, [one])
  const closed = runner.close()
  assert.equal(one.signal?.aborted, true)
  one.finish()
  await closed
  runner.update(2, [one])
  assert.equal(one.starts, 1)
})

test('runner - starts only so many of a limit, in order, and the next when one ends', async () => {
  const { runner, changed } = bench()
  const jobs = [1, 2, 3].map(id => job(`a${id}`, undefined, { name: 'a', most: 2 }))
  const other = job('b', undefined, { name: 'b', most: 1 })
  const starts = () => [...jobs, other].map(one => one.starts)
  runner.update(1, [...jobs, other])
  assert.deepEqual(starts(), [1, 1, 0, 1])
  jobs[0]?.finish()
  await changed()
  runner.update(1, [...jobs.slice(1), other])
  assert.deepEqual(starts(), [1, 1, 1, 1])
})

test('runner - what waits after a failure leaves its place to others, and comes after what was not tried', async () => {
  const { runner, changed } = bench()
  const jobs = [1, 2, 3].map(id => job(`a${id}`, undefined, { name: 'a', most: 1 }))
  const [first, second, third] = jobs
  runner.update(1, jobs)
  first?.fail(new DatdotError('WIRE_CLOSED'))
  await changed()
  runner.update(1, jobs)
  assert.equal(second?.starts, 1)
  second?.fail(new DatdotError('WIRE_CLOSED'))
  await changed()
  runner.update(2, jobs)
  assert.deepEqual([first?.starts, third?.starts], [1, 1])
})
