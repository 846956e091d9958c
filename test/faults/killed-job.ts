import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import type { TestContext } from 'node:test'
import { connect } from '../../src/chain-client/client.ts'
import type { Chain } from '../../src/chain-client/types.ts'
import type { Account } from '../../src/domain/ids.ts'
import { Lab, noise } from '../e2e/cli/lab.ts'
import { type Program, result } from '../e2e/cli/program.ts'
import { setParams } from '../helpers/admin.ts'
import { EventLog } from '../helpers/event-log.ts'
import { is } from '../helpers/job.ts'
import { Mortal } from './mortal.ts'

/** What one run of the main job is made of, in DAT where it is money. */
export const GIFT = 50n
export const SUPPORTER_GIFT = 200n
export const DONATION = 60n

const SIZES = '65536,1,30000,255,65536,4097,100003'
const PROVIDERS = {
  signer: ['signer'],
  pinner: ['pinner', '--capacity', '1GiB'],
  verifier: ['verifier'],
  'verifier-2': ['verifier'],
  'verifier-3': ['verifier']
}

export type Victim = 'signer' | 'pinner' | 'verifier' | 'supporter' | 'chain'

/** A network of real processes that may be killed, before the core is published. */
export interface Stage {
  lab: Lab
  client: Chain
  log: EventLog
  content: Buffer
  core: string
  author: Program
  mortals: Map<string, Mortal>
  /** By name; of the providers and the supporter. */
  accounts: Record<string, Account>
}

export function mortal({ mortals }: Stage, name: string): Mortal {
  const found = mortals.get(name)
  assert.ok(found, name)
  return found
}

export interface StageOptions {
  /** Of the core; one span, whatever its size. */
  bytes: number
  blockTimeMs: number
}

/** Brings up chain, DHT, author and providers; the supporter is started with the first death. */
export async function openStage(t: TestContext, { bytes, blockTimeMs }: StageOptions): Promise<Stage> {
  const lab = await Lab.open()
  t.after(() => lab.close())
  const content = noise(bytes, 'kills')
  const [first] = await Promise.all([lab.startChain(blockTimeMs), writeFile(lab.path('content'), content)])
  const author = lab.start('author', ['author', 'publish', lab.path('content'), '--block-size', SIZES])
  const client = await connect({ urls: [lab.chain] })
  t.after(() => client.close())
  await setParams(client, { spanTarget: bytes })
  const log = new EventLog(client)
  t.after(() => log.close())
  const gifts = Object.fromEntries(Object.keys(PROVIDERS).map(name => [name, GIFT]))
  const accounts = await lab.fund({ ...gifts, supporter: SUPPORTER_GIFT })
  const core = String((await author.says('core'))['core'])
  // At the same address again: the others know no other.
  const port = new URL(lab.chain).port
  const chain = new Mortal(lab, 'chain', ['chain', '--port', port, '--block-time', String(blockTimeMs)])
  chain.lives.push(first)
  const pin = ['supporter', 'pin', core, '--copies', '1', '--donate', String(DONATION), '--watch']
  const mortals = new Map([
    ['chain', chain],
    ['supporter', new Mortal(lab, 'supporter', pin)],
    ...Object.entries(PROVIDERS).map(([name, args]) => [name, new Mortal(lab, name, args)] as const)
  ])
  for (const name of Object.keys(PROVIDERS)) mortals.get(name)?.start()
  return { lab, client, log, content, core, author, mortals, accounts }
}

const encoded = (mortal: Mortal) =>
  mortal.line(line => line.type === 'encode' && Number(line['bytes']) > 0.4 * Number(line['totalBytes']))
const transferred = (mortal: Mortal) =>
  mortal.line(line => line.type === 'transfer' && Number(line['bytes']) > 0.4 * Number(line['totalBytes']))
const said = (type: string) => (stage: Stage, victim: Victim) =>
  mortal(stage, victim).line(line => line.type === type)

/** A proof whose period is not settled yet. */
const proved = ({ log }: Stage) =>
  log.event(
    is(
      'Proved',
      ({ copy, period }) => !log.events.some(is('Settled', s => s.copy === copy && s.period >= period))
    )
  )
const assigned = ({ log }: Stage) => log.event(is('CopyAssigned'))
const sealed = ({ log }: Stage) => log.event(is('SpanSealed'))

type Moment = (stage: Stage, victim: Victim) => Promise<unknown>

/** Five moments of the main job for each kind of process, in the order in which they come. */
export const MOMENTS = {
  signer: {
    registered: said('registered'),
    assigned,
    'in the middle of encoding': stage => encoded(mortal(stage, 'signer')),
    sealed,
    'between proof and settlement': proved
  },
  pinner: {
    registered: said('registered'),
    assigned,
    'in the middle of the transfer': stage => transferred(mortal(stage, 'pinner')),
    sealed,
    'between proof and settlement': proved
  },
  verifier: {
    registered: said('registered'),
    assigned,
    sealed,
    'between measurement and report': said('measured'),
    'between proof and settlement': proved
  },
  supporter: {
    'looking for the core': said('waiting'),
    'between publishing and donating': said('published'),
    'as the donation is in a block': ({ log }) => log.event(is('Donated')),
    sealed,
    'between proof and settlement': proved
  },
  chain: {
    registered: (stage: Stage) => said('registered')(stage, 'pinner'),
    assigned,
    'in the middle of encoding': stage => encoded(mortal(stage, 'signer')),
    sealed,
    'between proof and settlement': proved
  }
} as const satisfies Record<Victim, Record<string, Moment>>

export type Death = { [V in Victim]: readonly [V, keyof (typeof MOMENTS)[V]] }[Victim]

/** The main job, with these deaths on the way: each process is started again at once. */
export async function liveThrough(t: TestContext, stage: Stage, deaths: readonly Death[]): Promise<void> {
  await Promise.all(Object.keys(PROVIDERS).map(name => said('started')(stage, name as Victim)))
  let isPinned = false
  for (const [victim, moment] of deaths) {
    if (!isPinned && moment !== 'registered') {
      mortal(stage, 'supporter').start()
      isPinned = true
    }
    const table: Record<string, Moment> = MOMENTS[victim]
    await table[moment]?.(stage, victim)
    t.diagnostic(`block ${stage.client.finalized().height}: ${victim} is killed, ${moment}`)
    await mortal(stage, victim).killAndStart()
  }
}

/** Reads the core back when its author is gone. */
export async function assertReadBack({ lab, author, core, content }: Stage): Promise<void> {
  const { code } = await author.stop()
  assert.equal(code, 0)
  const out = lab.path('read-back')
  await result(['consumer', 'get', core, '--out', out, ...lab.flags('reader')])
  assert.deepEqual(await readFile(out), content)
}
