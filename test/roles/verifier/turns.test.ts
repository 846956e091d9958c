import assert from 'node:assert/strict'
import test from 'node:test'
import { ForkTurns } from '../../../roles/verifier/turns.ts'
import { CORE, OTHER } from '../../helpers/views.ts'

const forever = new AbortController().signal

/** Takes a turn and notes its name when it has it. */
function taken(turns: ForkTurns, order: string[], name: string, key: string, fork: bigint) {
  return turns.take(key, fork, forever).then(giveBack => {
    order.push(name)
    return giveBack
  })
}

test('turns - one fork of a core is used by all at once, another one waits for the last of them', async () => {
  const turns = new ForkTurns()
  const order: string[] = []
  const first = await taken(turns, order, 'first', CORE, 0n)
  const second = await taken(turns, order, 'second', CORE, 0n)
  const third = taken(turns, order, 'third', CORE, 1n)
  const last = taken(turns, order, 'last', CORE, 2n)
  ;(await taken(turns, order, 'of another core', OTHER, 1n))()
  first()
  await taken(turns, order, 'while second has it', CORE, 0n).then(giveBack => giveBack())
  second()
  ;(await third)()
  ;(await last)()
  assert.deepEqual(order, ['first', 'second', 'of another core', 'while second has it', 'third', 'last'])
})

test('turns - who stops waiting takes no turn', async () => {
  const turns = new ForkTurns()
  const giveBack = await turns.take(CORE, 0n, forever)
  const stop = new AbortController()
  const waiting = turns.take(CORE, 1n, stop.signal)
  stop.abort(new Error('enough'))
  await assert.rejects(waiting, /enough/)
  giveBack()
  ;(await turns.take(CORE, 2n, forever))()
})
