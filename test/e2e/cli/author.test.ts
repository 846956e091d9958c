import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { after, before, test } from 'node:test'
import { Lab, noise } from './lab.ts'
import { failure, start } from './program.ts'
import { readCore } from './stranger.ts'

let lab: Lab
before(async () => {
  lab = await Lab.open()
})
after(() => lab.close())

async function file(name: string, bytes: Uint8Array): Promise<string> {
  await writeFile(lab.path(name), bytes)
  return lab.path(name)
}

test('author publish - several files are one core of blocks of odd sizes that a stock peer reads', async t => {
  const parts = [noise(10_000, 'one'), noise(1, 'two'), noise(2_601, 'three')]
  const files = await Promise.all(parts.map((part, i) => file(`part,${i}`, part)))
  const author = start(t, [
    ...['author', 'publish', ...files, '--block-size', '1000,1,333', '--json'],
    ...lab.flags('several')
  ])
  const core = await author.says('core')
  assert.equal(core['serving'], true)
  assert.equal(core['byteLength'], 12_602)
  const blocks = await readCore(lab.bootstrap, String(core['core']))
  assert.deepEqual(Buffer.concat(blocks), Buffer.concat(parts))
  const sizes = blocks.map(block => block.byteLength)
  assert.deepEqual(sizes.slice(0, 4), [1000, 1, 333, 1000])
  assert.equal(core['length'], sizes.length)
  assert.equal((await author.stop('SIGINT')).code, 0)
})

test('author publish - stdin is a core too, and --no-serve ends when it is made', async t => {
  const bytes = noise(70_000, 'stdin')
  const made = await start(t, ['author', 'publish', '-', '--no-serve', '--json', ...lab.flags('stdin')], {
    input: bytes
  }).ended
  assert.equal(made.code, 0, made.stderr)
  const author = start(t, ['author', 'serve', '--json', ...lab.flags('stdin')])
  const core = await author.says('core')
  assert.equal(core['length'], 2)
  assert.deepEqual(Buffer.concat(await readCore(lab.bootstrap, String(core['core']))), bytes)
})

test('author append - the core grows by the file; serve serves every core that was made here', async t => {
  const flags = lab.flags('growing')
  const first = start(t, ['author', 'publish', await file('first', noise(5_000, 'a')), '--json', ...flags])
  const { core } = await first.says('core')
  assert.equal((await first.stop()).code, 0)
  const second = start(t, [
    ...['author', 'publish', await file('second', noise(10, 'b')), '--no-serve', '--json'],
    ...flags
  ])
  const other = await second.says('core')
  assert.equal(other['serving'], false)
  assert.equal((await second.ended).code, 0)
  const more = await file('more', noise(300, 'c'))
  const grown = start(t, [
    ...['author', 'append', String(core), more, '--block-size', '100', '--json'],
    ...flags
  ])
  const line = await grown.line(one => one.type === 'core' && one['core'] === core)
  assert.equal(line['length'], 4)
  assert.equal(line['byteLength'], 5_300)
  await grown.line(one => one.type === 'core' && one['core'] === other['core'])
  const blocks = await readCore(lab.bootstrap, String(core))
  assert.deepEqual(Buffer.concat(blocks), Buffer.concat([noise(5_000, 'a'), noise(300, 'c')]))
})

/** A pipe that gives bytes as long as somebody reads them, and what it gave. */
function endless(name: string): { path: string; given: Buffer[] } {
  const given: Buffer[] = []
  function* chunks() {
    for (let i = 0; ; i++) {
      given.push(noise(100_000, `${name} ${i}`))
      yield given.at(-1)
    }
  }
  execFileSync('mkfifo', [lab.path(name)])
  // It breaks when its reader ends.
  pipeline(Readable.from(chunks()), createWriteStream(lab.path(name))).catch(() => undefined)
  return { path: lab.path(name), given }
}

test('author publish - a file whose publishing was stopped goes on in the same core when it is run again', async t => {
  const { path, given } = endless('stopped')
  const args = ['author', 'publish', path, '--no-serve', '--json', ...lab.flags('stopping')]
  const first = start(t, args)
  const { core } = await first.says('append')
  assert.equal((await first.stop('SIGINT')).code, 2)
  await rm(path)
  const content = Buffer.concat(given)
  await writeFile(path, content)
  const second = start(t, args)
  const made = await second.says('core')
  assert.deepEqual([made['core'], made['byteLength']], [core, content.length])
})

test('author append - a stopped stdin is not said to go on: its command says what is in the core, and fails', async t => {
  const flags = lab.flags('piping')
  const first = start(t, ['author', 'publish', await file('begun', noise(10, 'h')), '--json', ...flags])
  const { core } = await first.says('core')
  await first.stop()
  const { path } = endless('piped')
  const through = ['sh', '-c', 'exec "$0" "$@" <"$PIPE"']
  const second = start(t, ['author', 'append', String(core), '-', '--json', ...flags], {
    through,
    env: { PIPE: path }
  })
  await second.says('append')
  const { code, stderr } = await second.stop('SIGINT')
  assert.equal(code, 1)
  const { code: error, message } = JSON.parse(stderr)
  assert.equal(error, 'APPEND_PARTIAL')
  assert.match(message, new RegExp(`^core ${core} has \\d+ blocks, \\d+ bytes of the input: `))
})

test('author append - a core that was not made here is refused', async () => {
  const more = await file('stray', noise(3, 'd'))
  const error = await failure(['author', 'append', 'ab'.repeat(32), more, ...lab.flags('stray-author')])
  assert.equal(error['code'], 'NOT_FOUND')
})

test('author publish - an empty input is refused and leaves no core behind', async () => {
  const flags = lab.flags('empty')
  const error = await failure(['author', 'publish', await file('nothing', noise(0, '')), ...flags])
  assert.equal(error['code'], 'CORE_EMPTY')
  assert.equal((await failure(['author', 'serve', ...flags]))['code'], 'NOT_FOUND')
})

test('author publish - a missing file, or a folder, is refused before anything is made', async () => {
  const there = await file('there', noise(3, 'e'))
  await mkdir(lab.path('folder'))
  for (const wrong of ['gone', 'folder']) {
    const flags = lab.flags(`author-of-${wrong}`)
    const error = await failure(['author', 'publish', there, lab.path(wrong), ...flags])
    assert.equal(error['code'], 'NOT_FOUND')
    assert.match(String(error['message']), new RegExp(wrong))
    assert.equal((await failure(['author', 'serve', ...flags]))['code'], 'NOT_FOUND')
  }
})

for (const size of ['0', '16MiB', 'many'])
  test(`author publish - blocks of ${size} are refused`, async () => {
    const input = await file(`sized-${size}`, noise(3, 'f'))
    const error = await failure(['author', 'publish', input, '--block-size', size, ...lab.flags('sized')])
    assert.equal(error['code'], 'BAD_ARGUMENT')
  })

test('author - two on one folder: the second is told who holds it', async t => {
  const flags = lab.flags('held')
  const first = start(t, ['author', 'publish', await file('held-file', noise(3, 'g')), '--json', ...flags])
  await first.says('core')
  assert.equal((await failure(['author', 'serve', ...flags]))['code'], 'STORAGE_LOCKED')
})
