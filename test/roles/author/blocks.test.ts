import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cutBlocks, MAX_BLOCK } from '../../../roles/author/blocks.ts'
import { isDatdotError } from '../../../src/domain/errors.ts'

async function* stream(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield chunk
}

async function collect(chunks: readonly Uint8Array[], sizes: readonly number[]): Promise<Uint8Array[]> {
  const blocks: Uint8Array[] = []
  for await (const block of cutBlocks(stream(chunks), sizes)) blocks.push(block)
  return blocks
}

test('blocks - joined blocks are the input, and every block but the last has its turn’s size', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 5 }),
      async (chunks, sizes) => {
        const blocks = await collect(chunks, sizes)
        assert.deepEqual(Buffer.concat(blocks), Buffer.concat(chunks))
        blocks.forEach((block, turn) => {
          const size = sizes[turn % sizes.length] ?? 0
          if (turn < blocks.length - 1) assert.equal(block.byteLength, size)
          else assert.ok(block.byteLength >= 1 && block.byteLength <= size)
        })
      }
    )
  )
})

test('blocks - a block does not share memory with the chunk it was cut from', async () => {
  const chunk = new Uint8Array([1, 2, 3, 4])
  const [first] = await collect([chunk], [2])
  chunk.fill(9)
  assert.deepEqual(first, new Uint8Array([1, 2]))
})

for (const sizes of [[], [0], [-1], [1.5], [MAX_BLOCK + 1], [Number.NaN]])
  test(`blocks - sizes [${sizes}] are refused`, async () => {
    await assert.rejects(collect([new Uint8Array(1)], sizes), error => isDatdotError(error, 'BAD_ARGUMENT'))
  })
