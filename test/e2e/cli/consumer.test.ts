import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, stat, watch, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { after, before, test } from 'node:test'
import { programEnv } from '../../helpers/program-env.ts'
import { Lab, noise } from './lab.ts'
import { failure, type Line, MAIN, type Program, result, start } from './program.ts'
import { Stranger } from './stranger.ts'

const BLOCK = 4096
const CONTENT = noise(8 * 2 ** 20 + 5, 'consumer')
/** What keeps an encrypted core's text in each block besides the text. */
const PADDING = 8

let lab: Lab
let core: string
let author: Program
let authorKey: unknown

before(async () => {
  lab = await Lab.open()
  await writeFile(lab.path('content'), CONTENT)
  const size = ['--block-size', String(BLOCK)]
  author = lab.start('author', ['author', 'publish', lab.path('content'), ...size])
  core = String((await author.says('core'))['core'])
  authorKey = (await result(['keys', 'show', '--storage', lab.path('author')]))['noiseKey']
})
after(() => lab.close())

interface Served {
  peer: string
  blocks: number
  bytes: number
}

const get = (name: string, args: readonly string[]) => ['consumer', 'get', ...args, ...lab.flags(name)]

test('consumer get - the whole core is what was published, and it is said who served it', async () => {
  const out = lab.path('whole')
  const done = await result(get('whole-reader', [core, '--out', out]))
  assert.deepEqual(await readFile(out), CONTENT)
  assert.equal(done['blocks'], Math.ceil(CONTENT.length / BLOCK))
  const served = done['served'] as Served[]
  assert.deepEqual(served, [{ peer: authorKey, blocks: done['blocks'], bytes: CONTENT.length }])
})

test('consumer get - a range of blocks', async () => {
  const out = lab.path('range')
  const done = await result(get('range-reader', [core, '--out', out, '--start', '3', '--end', '600']))
  assert.deepEqual(await readFile(out), CONTENT.subarray(3 * BLOCK, 600 * BLOCK))
  assert.equal(done['blocks'], 597)
})

test('consumer get - stdout carries the bytes alone', async t => {
  const reader = start(t, get('pipe-reader', [core, '--out', '-', '--end', '20']))
  const { code, stdout, stderr } = await reader.ended
  assert.equal(code, 0)
  assert.deepEqual(stdout, CONTENT.subarray(0, 20 * BLOCK))
  assert.match(
    stderr,
    /20 blocks of [0-9a-f]{64} in -, served by\n {2}[0-9a-f]{64} {2}20 blocks, 80\.0 KiB\n$/
  )
})

test('consumer get - a reader of stdout that leaves ends it as incomplete', async t => {
  const child = spawn(process.execPath, [MAIN, ...get('left-reader', [core, '--out', '-'])], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: programEnv()
  })
  t.after(() => child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  const exited = once(child, 'exit')
  child.stdout.destroy()
  assert.deepEqual(await exited, [2, null])
})

test('consumer get - after a kill in the middle it goes on, and nothing that is written comes again', async t => {
  const out = lab.path('resumed')
  const args = [...get('resumed-reader', [core, '--out', out]), '--json']
  const first = start(t, args)
  const written = await killAtCheckpoint(first, `${out}.part.json`)
  assert.ok(written > 0 && written < CONTENT.length, `killed after ${written} bytes`)
  const second = start(t, args)
  const { code, stderr } = await second.ended
  assert.equal(code, 0, stderr)
  assert.deepEqual(await readFile(out), CONTENT)
  const done = second.lines.at(-1) as Line
  const bytes = (done['served'] as Served[]).reduce((sum, one) => sum + one.bytes, 0)
  assert.ok(bytes > 0 && bytes <= CONTENT.length - written, `${bytes} bytes came after ${written}`)
  await assert.rejects(stat(`${out}.part`))
  await assert.rejects(stat(`${out}.part.json`))
})

/** Kills the program as soon as something is safe on its disk; returns how many bytes. */
async function killAtCheckpoint(program: Program, path: string): Promise<number> {
  for await (const { filename } of watch(lab.folder, { signal: AbortSignal.timeout(60_000) }))
    if (filename === basename(path)) break
  await program.stop('SIGKILL')
  return JSON.parse(await readFile(path, 'utf8')).bytes
}

for (const [start, end] of [
  ['5', '100000'],
  ['10', '5'],
  ['100000', null]
] as const)
  test(`consumer get - blocks ${start} to ${end} are no range of the core`, async () => {
    const range = ['--start', start, ...(end === null ? [] : ['--end', end])]
    const error = await failure(get('wrong-range', [core, '--out', lab.path('none'), ...range]))
    assert.equal(error['code'], 'BAD_RANGE')
  })

test('consumer get - a core that nobody serves is waited for, and Ctrl-C is exit 2', async t => {
  const reader = start(t, [...get('waiting', ['cd'.repeat(32), '--out', lab.path('never')]), '--json'])
  assert.equal((await reader.says('waiting'))['for'], 'a peer that serves the core')
  const { code, stderr } = await reader.stop('SIGINT')
  assert.equal(code, 2)
  assert.equal(JSON.parse(stderr)['code'], 'ABORTED')
})

test('consumer get - an unwritable file is refused with its name', async () => {
  const out = lab.path('no-such-folder/file')
  const error = await failure(get('nowhere', [core, '--out', out]))
  assert.equal(error['code'], 'STORAGE_UNWRITABLE')
  assert.match(String(error['message']), /no-such-folder/)
})

test('consumer get - an encrypted core is read with its key and is noise without it', async t => {
  const key = noise(32, 'encryption key')
  const blocks = [noise(100, 'x'), noise(1, 'y'), noise(5000, 'z')]
  const stranger = await Stranger.open(lab.bootstrap)
  t.after(() => stranger.close())
  const hidden = stranger.store.get({ name: 'hidden', encryptionKey: key })
  await hidden.ready()
  await hidden.append(blocks)
  await stranger.join(hidden, { server: true, client: false })
  const plain = Buffer.concat(blocks)
  const secret = ['--encryption-key', key.toString('hex')]
  const hiddenKey = hidden.key.toString('hex')
  await result(get('with-key', [hiddenKey, '--out', lab.path('clear'), ...secret]))
  assert.deepEqual(await readFile(lab.path('clear')), plain)
  await result(get('without-key', [hiddenKey, '--out', lab.path('opaque')]))
  const opaque = await readFile(lab.path('opaque'))
  assert.equal(opaque.length, plain.length + PADDING * blocks.length)
  assert.ok(!opaque.includes(plain.subarray(0, 16)))
})
