import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Closable, Resource } from '../src/resource.ts'

class Part implements Closable {
  readonly name: string
  readonly #said: string[]
  readonly #failure: Error | null

  constructor(name: string, said: string[], failure: Error | null = null) {
    this.name = name
    this.#said = said
    this.#failure = failure
  }

  close(): void {
    this.#said.push(`close ${this.name}`)
    if (this.#failure) throw this.#failure
  }
}

class Whole extends Resource {
  readonly said: string[] = []
  readonly #gate: Promise<void>
  readonly #failures: (Error | null)[]

  constructor(gate: Promise<void> = Promise.resolve(), failures: (Error | null)[] = [null, null]) {
    super()
    this.#gate = gate
    this.#failures = failures
  }

  protected override async onOpen(): Promise<void> {
    this.said.push('open')
    for (const [index, failure] of this.#failures.entries()) {
      this.own(new Part(String(index), this.said, failure))
    }
    await this.#gate
  }

  protected override onClose(): void {
    this.said.push('close')
  }
}

test('resource - concurrent ready and close calls share one promise each', async () => {
  const whole = new Whole()
  assert.equal(whole.ready(), whole.ready())
  await whole.ready()
  assert.equal(whole.opened, true)
  assert.equal(whole.closing, false)
  assert.equal(whole.close(), whole.close())
  assert.equal(whole.closing, true)
  await whole.close()
  assert.equal(whole.closed, true)
  assert.deepEqual(whole.said, ['open', 'close', 'close 1', 'close 0'])
})

test('resource - close waits for an opening under way', async () => {
  const gate = withResolvers()
  const whole = new Whole(gate.promise)
  const ready = whole.ready()
  const closed = whole.close()
  assert.deepEqual(whole.said, ['open'])
  gate.resolve()
  await Promise.all([ready, closed])
  assert.deepEqual(whole.said, ['open', 'close', 'close 1', 'close 0'])
})

test('resource - a failed opening closes the children and keeps its reason', async () => {
  const whole = new Whole(Promise.reject(new Error('no luck')))
  await assert.rejects(whole.ready(), /no luck/)
  assert.deepEqual(whole.said, ['open', 'close', 'close 1', 'close 0'])
  await whole.close()
  await assert.rejects(whole.ready(), /no luck/)
  assert.equal(whole.closed, true)
})

test('resource - a close during an opening that fails does not hang', async () => {
  const gate = withResolvers()
  const whole = new Whole(gate.promise)
  const ready = whole.ready()
  const closed = whole.close()
  gate.reject(new Error('no luck'))
  await assert.rejects(ready, /no luck/)
  await closed
  assert.equal(whole.said.filter(word => word === 'close').length, 1)
})

test('resource - a child that fails to close does not keep the others open', async () => {
  const whole = new Whole(Promise.resolve(), [null, new Error('first'), null])
  await whole.ready()
  await assert.rejects(whole.close(), /first/)
  assert.deepEqual(whole.said, ['open', 'close', 'close 2', 'close 1', 'close 0'])
  const two = new Whole(Promise.resolve(), [new Error('a'), new Error('b')])
  await two.ready()
  await assert.rejects(two.close(), (error: AggregateError) => error.errors.length === 2)
})

test('resource - ready after close is refused with ABORTED', async () => {
  const whole = new Whole()
  await whole.close()
  await assert.rejects(whole.ready(), { code: 'ABORTED' })
  assert.deepEqual(whole.said, ['close'])
})

function withResolvers() {
  let resolve: () => void = () => undefined
  let reject: (error: Error) => void = () => undefined
  const promise = new Promise<void>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
