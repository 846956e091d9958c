import assert from 'node:assert/strict'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { connect } from '../../../src/chain-client/client.ts'
import type { Chain } from '../../../src/chain-client/types.ts'
import { assertModulus, decode, type ListedSpan, rootOf, saltOf, tagOf } from './audit.ts'
import { Lab, noise } from './lab.ts'
import { failure, type Line, type Program, result, start } from './program.ts'
import { readCore } from './stranger.ts'

/** Two spans of odd blocks. */
const CONTENT = noise(1.6 * 2 ** 20, 'network')
const SIZES = '65536,1,30000,255,65536,4097,100003'
const ROLES = {
  'signer-1': ['signer'],
  'signer-2': ['signer'],
  'pinner-1': ['pinner', '--capacity', '1GiB'],
  'pinner-2': ['pinner', '--capacity', '1GiB'],
  'verifier-1': ['verifier'],
  'verifier-2': ['verifier'],
  'verifier-3': ['verifier']
}

let lab: Lab
let chain: Chain
let author: Program
let core: string
const nodes = new Map<string, Program>()

before(async () => {
  lab = await Lab.open()
  await Promise.all([lab.startChain(350), writeFile(lab.path('content'), CONTENT)])
  author = lab.start('author', ['author', 'publish', lab.path('content'), '--block-size', SIZES])
  chain = await connect({ urls: [lab.chain] })
  const gifts = Object.fromEntries(Object.keys(ROLES).map(name => [name, 50n]))
  await lab.fund({ ...gifts, supporter: 200n })
  for (const [name, args] of Object.entries(ROLES)) nodes.set(name, lab.start(name, args))
  await Promise.all([...nodes.values()].map(node => node.says('registered')))
  core = String((await author.says('core'))['core'])
})
after(async () => {
  await chain.close()
  await lab.close()
})

const supporter = (...words: string[]) => ['supporter', ...words, ...lab.flags('supporter')]
const listed = (name: string) => result(['pinner', 'copies', ...lab.flags(name)])

interface Copy {
  state: string
  firstPeriod: number
  lastSettled: number
  spans: { state: string; signer: string }[]
}

/** Settled periods of the core's copies, as the chain tells of them from its first block on. */
async function settled(count: number) {
  const whole = []
  for await (const head of chain.heads(AbortSignal.timeout(90_000), { from: 1 }))
    for (const event of head.events) {
      assert.notEqual(event.event, 'CopyEnded')
      if (event.event !== 'Settled' || !event.proved || event.verdict !== 'Served') continue
      whole.push(event)
      if (whole.length === count) return whole
    }
  throw new Error('the chain ended')
}

test('network - a core is pinned, audited, paid for, read without its author, and let go', {
  timeout: 300_000
}, async t => {
  await t.test('supporter pin waits until the copy is active', async () => {
    const pinned = await result(supporter('pin', core, '--copies', '1', '--donate', '60'))
    const copies = pinned['copies'] as Copy[]
    assert.equal(copies.length, 1)
    assert.equal(copies[0]?.state, 'Active')
    assert.deepEqual(
      copies[0]?.spans.map(span => span.state),
      ['Sealed', 'Sealed']
    )
  })

  await t.test('every cell decodes to the file for a program that knows only the format', async () => {
    const lists = await Promise.all([listed('pinner-1'), listed('pinner-2')])
    const spans = lists.flatMap(list => list['spans'] as ListedSpan[])
    assert.deepEqual(
      lists.map(list => (list['spans'] as unknown[]).length).sort(),
      [0, 2],
      'one pinner holds both spans while both run'
    )
    const plain: Buffer[] = []
    for (const span of spans.sort((a, b) => a.start - b.start)) {
      assert.equal(span.state, 'Sealed')
      assert.equal(span.coreKey, core)
      assertModulus(span)
      const salt = saltOf(span)
      assert.equal(salt.toString('hex'), span.salt)
      const tag = tagOf(salt)
      assert.equal(tag.toString('hex'), span.tag)
      const cells = await readFile(span.path)
      assert.equal(cells.length, 256 * span.cells)
      assert.equal((await stat(span.path)).mode & 0o077, 0)
      assert.equal(rootOf(cells, tag).toString('hex'), span.root)
      plain.push(decode(cells, span, salt))
    }
    assert.deepEqual(Buffer.concat(plain), CONTENT)
  })

  await t.test('two periods are proved, served and settled, each mint with its burn', async () => {
    for (const { minted, burned } of await settled(2)) {
      assert.ok(minted > 0n)
      assert.equal(minted, burned)
    }
  })

  await t.test('a reclaim is refused while the copy lives', async () => {
    const error = await failure(supporter('reclaim', core))
    assert.equal(error['code'], 'CALL_REFUSED')
    assert.match(String(error['message']), /1 copies and 0 requests/)
  })

  await t.test('without the author, a stock peer reads the whole core', async () => {
    await done(author, author.stop())
    const blocks = await readCore(lab.bootstrap, core)
    assert.deepEqual(Buffer.concat(blocks), CONTENT)
    assert.deepEqual(
      blocks.slice(0, 4).map(block => block.length),
      [65_536, 1, 30_000, 255]
    )
  })

  await t.test('unwanted, the copy ends and what is left is paid back', async () => {
    const balance = BigInt((await pot()).balance)
    // From before it begins, and from a folder of its own: the supporter's is in use meanwhile.
    const watch = start(t, ['supporter', 'status', core, '--watch', ...lab.flags('watcher'), '--json'])
    await watch.says('status')
    await result(supporter('wish', core, '--copies', '0'))
    const ending = await watch.line(line => line.type === 'status' && line['ending'] === 1)
    assert.match(String(ending['notes']), /1 copies settle their last period and end/)
    await watch.line(line => line.type === 'status' && line['ending'] === 0, watch.lines.length)
    await done(watch, watch.stop('SIGINT'))
    const reclaim = start(t, [...supporter('reclaim', core), '--json'])
    await done(reclaim)
    const paid = BigInt(String((await reclaim.says('reclaimed'))['amount']))
    assert.ok(paid > 0n && paid <= balance, `${paid} of ${balance}`)
  })

  await t.test('every node closes in order', async () => {
    for (const [name, ended] of await Promise.all(
      [...nodes].map(async ([name, node]) => [name, await node.stop()] as const)
    )) {
      assert.equal(ended.code, 0, `${name}: ${ended.stderr}`)
      assert.doesNotMatch(ended.stderr, /INTERNAL|unforeseen/)
    }
  })
})

async function pot(): Promise<{ balance: string }> {
  const status: Line = await result(supporter('status', core))
  return status['pot'] as { balance: string }
}

async function done(program: Program, ended: ReturnType<Program['stop']> = program.ended): Promise<void> {
  const { code, stderr } = await ended
  assert.equal(code, 0, stderr)
}
