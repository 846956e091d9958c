import assert from 'node:assert/strict'
import test, { type TestContext } from 'node:test'
import { Program, result } from '../e2e/cli/program.ts'
import { is, nextServed, pinCore, randomBlocks } from '../helpers/job.ts'
import { Network } from '../helpers/network.ts'
import { assertOnce } from './books.ts'
import { SmallDisk } from './small-disk.ts'

const SIZES = [...Array.from({ length: 5 }, () => 65_536), 1, 0, 13]
const DISK_MEGABYTES = 160
/** Enough to start with, not for a span. */
const LITTLE_MEGABYTES = 24
const PARTS = { signers: 1, pinners: 1, verifiers: 3, socket: true, late: ['pinner-1'] }

/** A pinner whose folder lies on a disk of its own. */
class PinnerOnDisk {
  readonly #flags: string[]
  readonly #through: readonly string[]
  #program: Program

  constructor(network: Network, disk: SmallDisk) {
    const { chain, bootstrap } = network.config('pinner-1')
    const peers = (bootstrap ?? []).map(({ host, port }) => `${host}:${port}`).join(',')
    this.#flags = ['--storage', disk.path, '--host', '127.0.0.1', '--bootstrap', peers, '--chain', ...chain]
    this.#through = disk.through
    this.#program = this.#start()
  }

  get lines() {
    return this.#program.lines
  }

  /** From now on. */
  says(code: string) {
    const { lines } = this.#program
    return this.#program.line(line => line.type === 'warning' && line['code'] === code, lines.length)
  }

  async restart(): Promise<void> {
    await this.stop()
    this.#program = this.#start()
    await this.#program.says('started')
  }

  async stop(): Promise<void> {
    const { code, stderr } = await this.#program.stop()
    assert.equal(code, 0, stderr)
    assert.deepEqual(this.#program.unforeseen, [])
  }

  listed() {
    return result(['pinner', 'copies', ...this.#flags], { through: this.#through })
  }

  #start(): Program {
    const args = ['pinner', '--capacity', '1GiB', ...this.#flags, '--json']
    return new Program(args, { through: this.#through })
  }
}

async function openDisk(t: TestContext, network: Network): Promise<SmallDisk | null> {
  const [pinner] = network.of('pinner')
  assert.ok(pinner)
  const disk = await SmallDisk.mount(pinner.storage, DISK_MEGABYTES)
  t.after(() => disk?.close())
  return disk
}

test('full disk - a pinner says so, keeps what it has, serves and proves it, and goes on when there is space', {
  timeout: 300_000
}, async t => {
  const network = await Network.start(PARTS)
  t.after(() => network.close())
  const disk = await openDisk(t, network)
  if (disk === null)
    return t.skip('this system lets nobody mount; test/store/full-disk.test.ts needs no mount')
  await disk.fill(LITTLE_MEGABYTES)
  const pinner = new PinnerOnDisk(network, disk)
  t.after(() => pinner.stop())

  const tight = pinner.says('DISK_FULL')
  const first = await pinCore(network, randomBlocks(SIZES), 1)
  t.after(() => first.author.close())
  assert.match(String((await tight)['help']), /Free some space/)
  assert.equal(pinner.lines.filter(line => line.type === 'download').length, 0)
  await disk.free()
  const one = await network.event(is('CopyActive'))
  await nextServed(network, one.copy)

  await disk.fill(0)
  const full = pinner.says('DISK_FULL')
  const second = await pinCore(network, randomBlocks(SIZES), 1, { name: 'second' })
  t.after(() => second.author.close())
  await full
  await nextServed(network, one.copy)
  await disk.free()
  const two = await network.event(is('CopyActive', ({ copy }) => copy !== one.copy))
  await nextServed(network, two.copy)

  const settled = network.events.filter(is('Settled'))
  assert.ok(settled.every(({ proved, verdict }) => proved && verdict !== 'Failed'))

  await pinner.restart()
  await Promise.all([one, two].map(({ copy }) => nextServed(network, copy)))
  assertOnce(network.events)
  await pinner.stop()
  const { spans } = (await pinner.listed()) as unknown as { spans: { state: string; root: string }[] }
  const snapshot = await network.client.snapshot()
  const copies = await Promise.all([one, two].map(({ copy }) => snapshot.copy(copy)))
  const roots = copies.flatMap(
    copy => copy?.spans.map(({ root }) => Buffer.from(root ?? []).toString('hex')) ?? []
  )
  assert.deepEqual(spans.map(({ root }) => root).sort(), roots.sort())
})
