import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, watch, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { connect } from '../../../src/chain-client/client.ts'
import { DAT } from '../../../src/domain/amounts.ts'
import { EventLog } from '../../helpers/event-log.ts'
import { is } from '../../helpers/job.ts'
import { closes } from './in-time.ts'
import { noise } from './lab.ts'
import { assertLogsForeseen, failure, type Line, start } from './program.ts'
import { readCore } from './stranger.ts'

const INPUT = noise(30_000, 'testnet')
const OTHER = noise(400_000, 'another file')
const ROLES = { author: 1, supporter: 1, signer: 3, pinner: 4, verifier: 4 }

interface State {
  chain: string | null
  bootstrap: string[]
  core: string
  nodes: {
    name: string
    role: string
    account: string
    noiseKey: string
    storage: string
    pid: number | null
  }[]
}

let folder: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'datdot-testnet-'))
  await Promise.all([
    writeFile(join(folder, 'input'), INPUT),
    writeFile(join(folder, 'other'), OTHER),
    writeFile(join(folder, 'void'), '')
  ])
})
after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))

// A copy fails when its pinner misses two periods: so many blocks are to last longer than 15 processes take to start again.
const args = (file: string) => [
  ...['testnet', join(folder, file), '--storage', join(folder, 'net'), '--json'],
  ...['--copies', '1', '--donate', '50', '--block-time', '500']
]
const readState = async (): Promise<State> =>
  JSON.parse(await readFile(join(folder, 'net', 'testnet.json'), 'utf8'))

/** A process that another one has started for a command. */
async function childOf(parent: number, command: string): Promise<number> {
  for (const pid of (await readdir('/proc')).filter(name => /^\d+$/.test(name))) {
    const [stat, words] = await Promise.all(
      ['stat', 'cmdline'].map(file => readFile(join('/proc', pid, file), 'utf8').catch(() => ''))
    )
    // pid (name) state parent …
    const isChild = stat?.split(') ').at(-1)?.split(' ')[1] === String(parent)
    if (isChild && words?.includes(`main.js\0${command}\0`)) return Number(pid)
  }
  throw new Error(`${parent} has no process of ${command}`)
}

/** The first state that is accepted, now or after a change of the folder. */
async function stateWhere(accept: (state: State) => boolean): Promise<State> {
  const stop = new AbortController()
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(10_000)])
  const changes = watch(join(folder, 'net'), { signal })[Symbol.asyncIterator]()
  let changed = changes.next()
  try {
    for (;;) {
      const state = await readState()
      if (accept(state)) return state
      await changed
      changed = changes.next()
    }
  } finally {
    stop.abort()
    await changed.catch(() => undefined)
  }
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Resolves when none of the processes is left; there is nothing to wait on for another's child. */
async function gone(pids: readonly number[]): Promise<void> {
  const signal = AbortSignal.timeout(10_000)
  while (pids.some(isAlive)) {
    signal.throwIfAborted()
    await setTimeout(20)
  }
}

const active = (line: Line) =>
  line.type === 'status' && (line['copies'] as { state: string }[]).some(copy => copy.state === 'Active')

const isWhole = (line: Line) =>
  line.type === 'settled' && line['proved'] === true && line['verdict'] === 'Served'

/** A signer tells that it has a part of the cells. */
const isEncoding = ({ type, ...rest }: Line) => type === 'node' && (rest['line'] as Line).type === 'encode'

test('testnet - it comes up, is stopped, goes on, and leaves nothing behind', async t => {
  let first: State
  let copies: unknown

  await t.test('testnet.json says all that is up, and Ctrl-C closes it in order', async t => {
    const net = start(t, args('input'))
    const up = await net.says('up')
    first = await readState()
    assert.deepEqual({ ...first, type: 'up' }, up)
    for (const [role, count] of Object.entries(ROLES))
      assert.equal(first.nodes.filter(node => node.role === role).length, count)
    for (const { account, noiseKey, storage, pid } of first.nodes) {
      assert.match(account + noiseKey, /^[0-9a-f]{128}$/)
      assert.ok(pid !== null && isAlive(pid))
      assert.equal(Number(await readFile(join(storage, 'lock'), 'utf8')), pid)
    }
    assert.equal(new Set(first.nodes.map(node => node.pid)).size, first.nodes.length)
    assert.deepEqual(Buffer.concat(await readCore(addresses(first), first.core)), INPUT)
    copies = (await net.line(active))['copies']
    assert.equal((await potOf(first)).balance, 50n * DAT)

    const { code, stderr } = await net.stop('SIGINT')
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
    await gone(first.nodes.flatMap(node => node.pid ?? []))
    const stopped = await readState()
    assert.equal(stopped.chain, null)
    assert.deepEqual(
      stopped.nodes.map(node => node.pid),
      stopped.nodes.map(() => null)
    )
  })

  await t.test('started again it goes on: the same core and copies, no second donation', async t => {
    const net = start(t, args('input'))
    await net.says('up')
    const again = await readState()
    assert.equal(again.core, first.core)
    const keys = (state: State) => state.nodes.map(({ name, account, noiseKey }) => [name, account, noiseKey])
    assert.deepEqual(keys(again), keys(first))
    const status = await net.line(active)
    const ids = (all: unknown) =>
      (all as { copy: string; pinner: string }[]).map(one => [one.copy, one.pinner])
    assert.deepEqual(ids(status['copies']), ids(copies))
    assert.ok((await potOf(again)).balance <= 50n * DAT)
    assert.equal((await potOf(again)).totalShares, 50n * DAT)
    await t.test('its next period is proved, measured and paid', async () => {
      const settled = await net.line(isWhole)
      assert.ok(BigInt(String(settled['minted'])) > 0n)
      assert.equal(settled['minted'], settled['burned'])
      await assertMadeOnce(again)
    })

    await t.test('a member that dies is told, and testnet.json says so', async () => {
      const verifier = again.nodes.find(node => node.role === 'verifier')
      assert.ok(verifier?.pid)
      const from = net.lines.length
      process.kill(verifier.pid, 'SIGKILL')
      const told = await net.line(line => line['ended'] === verifier.name, from)
      assert.match(String(told['text']), new RegExp(`${verifier.name} ended: .*logs/${verifier.name}\\.log`))
      await stateWhere(state => state.nodes.find(node => node.name === verifier.name)?.pid === null)
    })

    await t.test('without its parent no process goes on', async () => {
      const { nodes } = await readState()
      await net.stop('SIGKILL')
      await gone(nodes.flatMap(node => node.pid ?? []))
    })
  })

  await t.test('another file is another core, and its supporter has the money for it', async t => {
    const net = start(t, args('other'))
    await net.says('up')
    const state = await readState()
    assert.notEqual(state.core, first.core)
    assert.deepEqual(Buffer.concat(await readCore(addresses(state), state.core)), OTHER)
    assert.equal((await potOf(state)).totalShares, 50n * DAT)
    await net.line(isEncoding)
    await closes(t, 'a network in the middle of its set-up', net)
  })

  await t.test('stopped in the middle of set-up it goes on; a chain that dies ends it', async t => {
    const net = start(t, args('other'))
    await net.says('up')
    await net.line(active)
    await assertMadeOnce(await readState())
    process.kill(await childOf(net.pid, 'chain'), 'SIGKILL')
    const { code, stderr } = await net.ended
    await assertLogsForeseen(join(folder, 'net', 'logs'))
    assert.equal(code, 1)
    const error = JSON.parse(stderr)
    assert.equal(error.code, 'PROCESS_ENDED')
    assert.match(error.message, /^chain ended with a signal/)
  })
})

test('testnet - a file that is not there, or empty, ends it with the reason', async () => {
  const missing = await failure(args('missing'))
  assert.equal(missing['code'], 'NOT_FOUND')
  await rm(join(folder, 'net'), { recursive: true, force: true })
  const empty = await failure(args('void'))
  assert.equal(empty['code'], 'CORE_EMPTY')
  assert.match(String(empty['message']), /author ended with exit code 1: there was nothing to append/)
})

function addresses({ bootstrap }: State): { host: string; port: number }[] {
  return bootstrap.map(address => {
    const [host = '', port] = address.split(':')
    return { host, port: Number(port) }
  })
}

/** The core was donated to once, and its copy was drawn once, whatever was stopped on the way. */
async function assertMadeOnce({ chain, core }: State): Promise<void> {
  assert.ok(chain)
  const client = await connect({ urls: [chain] })
  const log = new EventLog(client)
  try {
    const events = await log.upTo(client.finalized().height)
    assert.equal(events.filter(is('Donated', one => one.core === core)).length, 1)
    const assigned = events.filter(is('CopyAssigned', one => one.core === core))
    assert.equal(assigned.length, 1)
    assert.deepEqual(events.filter(is('CopyEnded', ({ copy }) => copy === assigned[0]?.copy)), [])
  } finally {
    await log.close()
    await client.close()
  }
}

async function potOf({ chain, core }: State): Promise<{ balance: bigint; totalShares: bigint }> {
  assert.ok(chain)
  const client = await connect({ urls: [chain] })
  try {
    const pot = await (await client.snapshot()).pot(core)
    assert.ok(pot)
    return pot
  } finally {
    await client.close()
  }
}

test('testnet - the whole job in one run, and again on the storage that it left', async t => {
  const once = [
    ...['testnet', join(folder, 'input'), '--once', '--storage', join(folder, 'once'), '--json'],
    ...['--copies', '1', '--donate', '50', '--block-time', '250']
  ]
  for (let round = 0; round < 2; round++) {
    const net = start(t, once)
    const report = await net.says('result')
    assert.equal((await net.ended).code, 0)
    assert.equal(report['bytes'], INPUT.length)
    const served = report['served'] as { name: string; bytes: number }[]
    assert.ok(served.length > 0 && served.every(({ name }) => name.startsWith('pinner-')))
    const periods = report['periods'] as { minted: string; burned: string }[]
    assert.ok(periods.length >= 2)
    await assertLogsForeseen(join(folder, 'once', 'logs'))
    for (const { minted, burned } of periods) assert.ok(BigInt(minted) > 0n && minted === burned)
  }
})
