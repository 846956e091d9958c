import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { cryptoWaitReady } from '@polkadot/util-crypto'
import fc from 'fast-check'
import { EMPTY_ROOT } from '../../src/dev-chain/header.ts'
import { fromHex, type Hex, toHex } from '../../src/dev-chain/hex.ts'
import { trieRoot } from '../../src/dev-chain/trie.ts'
import { closeChopsticks, rootElsewhere } from './chopsticks.ts'

await cryptoWaitReady()
after(closeChopsticks)

test('trie - an empty one has the known root', () => {
  assert.equal(toHex(trieRoot([], 0)), EMPTY_ROOT)
  assert.equal(toHex(trieRoot([], 1)), EMPTY_ROOT)
})

test('trie - its root is the one that another implementation computes', async () => {
  const bytes = (maxLength: number) => fc.uint8Array({ minLength: 0, maxLength })
  // Few different bytes make keys that begin alike, end inside others, and differ in a half byte.
  const key = fc
    .oneof(fc.array(fc.constantFrom(0, 1, 16, 17), { minLength: 1, maxLength: 5 }), bytes(40))
    .map(toBytes)
  const long = fc.integer({ min: 30, max: 300 }).map(length => new Uint8Array(length).fill(7))
  const entries = fc.uniqueArray(fc.tuple(key, fc.oneof(bytes(40), long)), {
    maxLength: 30,
    selector: ([name]) => toHex(name)
  })
  await fc.assert(
    fc.asyncProperty(entries, fc.constantFrom(0, 1), async (made, version) => {
      const hex = made.map(([name, value]): [Hex, Hex] => [toHex(name), toHex(value)])
      assert.equal(toHex(trieRoot(made, version)), await rootElsewhere(hex, version))
    })
  )
})

test('trie - keys longer than a header tells are spelled out', async () => {
  for (const length of [30, 31, 32, 158, 159, 160, 286, 287])
    for (const version of [0, 1] as const) {
      const hex: [Hex, Hex][] = [[toHex(new Uint8Array(length).fill(0x5a)), toHex(new Uint8Array(40))]]
      const root = trieRoot(
        hex.map(([name, value]) => [fromHex(name), fromHex(value)] as const),
        version
      )
      assert.equal(toHex(root), await rootElsewhere(hex, version))
    }
})

function toBytes(list: readonly number[] | Uint8Array): Uint8Array {
  return Uint8Array.from(list)
}
