import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { rename, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { ERROR_TABLE, type ErrorCode } from '../../../src/domain/errors.ts'
import { tempFolder } from '../../helpers/folder.ts'
import { answeringNode, chainOf } from '../../helpers/strange-node.ts'
import { failure, result, start } from './program.ts'

const KEY = 'ab'.repeat(32)
/** Opens the folder that it is given, says so, and keeps it until it is killed. */
const HOLDER = fileURLToPath(new URL('../../store/holder.js', import.meta.url))
/** Nobody answers there: who gets as far as that fails with another code, or waits for ever. */
const NOWHERE = ['--chain', 'ws://127.0.0.1:9', '--bootstrap', '127.0.0.1:9', '--host', '127.0.0.1']

/** One command of each kind that keeps a folder. */
const COMMANDS: readonly (readonly string[])[] = [
  ['signer', ...NOWHERE],
  ['pinner', ...NOWHERE],
  ['verifier', ...NOWHERE],
  ['supporter', 'status', KEY, ...NOWHERE],
  ['author', 'serve', ...NOWHERE],
  ['consumer', 'get', KEY, '--out', '-', ...NOWHERE],
  ['keys', 'new'],
  ['testnet', '--once']
]

/** The error of a command that must fail: its code, with the table's sentence and help, and facts in between. */
async function refused(args: readonly string[], code: ErrorCode, facts: RegExp): Promise<void> {
  const error = await failure(args)
  const name = args.slice(0, 2).join(' ')
  assert.equal(error['code'], code, `${name}: ${error['message']}`)
  assert.deepEqual([error['sentence'], error['help']], [...ERROR_TABLE[code]], name)
  assert.match(String(error['message']), facts, name)
}

test('refusals - a folder that another process holds is STORAGE_LOCKED for every command, and free once that is killed', async t => {
  const storage = join(await tempFolder(t), 'node')
  const holder = spawn(process.execPath, [HOLDER, storage], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => holder.kill('SIGKILL'))
  await once(holder.stdout, 'data')
  const used = new RegExp(`node is used by process ${holder.pid}`)
  await Promise.all(COMMANDS.map(args => refused([...args, '--storage', storage], 'STORAGE_LOCKED', used)))
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  await result(['keys', 'new', '--storage', storage])
})

test('refusals - a folder that cannot be made or written is STORAGE_UNWRITABLE for every command, also for root', async t => {
  const folder = await tempFolder(t)
  await writeFile(join(folder, 'file'), '')
  const all = [...COMMANDS, ['chain', '--port', '0']]
  const places = [
    join(folder, 'file', 'below'),
    join(folder, 'file'),
    '/proc/datdot/below',
    '/dev/null/below'
  ]
  await Promise.all(
    all.map((args, index) => {
      const storage = places[index % places.length] ?? folder
      return refused([...args, '--storage', storage], 'STORAGE_UNWRITABLE', /cannot be written/)
    })
  )
})

test('refusals - a port in use is PORT_IN_USE for the chain, for the DHT and for a local network', async t => {
  const folder = await tempFolder(t)
  const file = join(folder, 'file')
  await writeFile(file, 'content')
  const tcp = createServer().listen(0, '127.0.0.1')
  const udp = createSocket('udp4').bind(0, '127.0.0.1')
  await Promise.all([once(tcp, 'listening'), once(udp, 'listening')])
  t.after(() => {
    tcp.close()
    udp.close()
  })
  const port = String((tcp.address() as { port: number }).port)
  const at = (name: string) => ['--storage', join(folder, name)]
  await Promise.all([
    refused(['chain', '--port', port, ...at('chain')], 'PORT_IN_USE', new RegExp(port)),
    refused(['testnet', file, '--once', '--port', port, ...at('net')], 'PORT_IN_USE', new RegExp(port)),
    refused(
      ['dht', '--port', String(udp.address().port), ...at('dht')],
      'PORT_IN_USE',
      new RegExp(String(udp.address().port))
    )
  ])
})

test('refusals - another chain is CHAIN_WRONG, an unknown runtime CHAIN_VERSION', async t => {
  const folder = await tempFolder(t)
  const [wrong, newer] = await Promise.all(
    [chainOf('westend', 1), chainOf('datdot', 4_000_000)].map(chain => answeringNode(t, chain))
  )
  const ask = (chain = '') => [
    'supporter',
    'status',
    KEY,
    '--chain',
    chain,
    '--storage',
    join(folder, chain.slice(-5))
  ]
  await Promise.all([
    refused(ask(wrong), 'CHAIN_WRONG', /westend/),
    refused(ask(newer), 'CHAIN_VERSION', /version 4000000 .* this program knows 1/)
  ])
})

test('refusals - a chain that began anew is CHAIN_WRONG to who used it before, and another folder helps', async t => {
  const folder = await tempFolder(t)
  const chain = async (name: string) => {
    const program = start(t, [
      'chain',
      '--port',
      '0',
      '--block-time',
      '100',
      '--storage',
      join(folder, name),
      '--json'
    ])
    const url = String((await program.says('chain'))['url'])
    await program.line(line => line.type === 'block' && Number(line['height']) >= 2)
    return url
  }
  const [first, second] = await Promise.all([chain('first'), chain('second')])
  const status = (url: string, name: string) => [
    'supporter',
    'status',
    '--chain',
    url,
    '--storage',
    join(folder, name)
  ]
  await result(status(first, 'node'))
  await refused(status(second, 'node'), 'CHAIN_WRONG', /began anew/)
  await Promise.all([result(status(first, 'node')), result(status(second, 'other'))])
})

test('refusals - a damaged key, records or cores of a node have a code, and their help gets it going again', async t => {
  const folder = await tempFolder(t)
  const storage = join(folder, 'node')
  const file = join(folder, 'input')
  await writeFile(file, 'some bytes')
  const publish = ['author', 'publish', file, '--no-serve', '--storage', storage, ...NOWHERE]
  const run = async () => {
    const { code, stderr } = await start(t, publish).ended
    assert.equal(code, 0, stderr)
  }
  await run()
  for (const [name, damaged, code, away] of [
    ['records', join('records', 'CURRENT'), 'RECORDS_DAMAGED', 'records'],
    ['cores', join('cores', 'db', 'CURRENT'), 'CORES_DAMAGED', 'cores'],
    ['key', 'key.json', 'KEY_INVALID', 'key.json']
  ] as const) {
    await writeFile(join(storage, damaged), 'not what was written')
    await refused(publish, code, /\S/)
    await rename(join(storage, away), join(folder, `${name}.away`))
    await run()
  }
  await writeFile(join(folder, 'passphrase'), 'open sesame')
  const sealed = ['--passphrase-file', join(folder, 'passphrase'), '--storage', join(folder, 'sealed')]
  await result(['keys', 'new', ...sealed])
  await writeFile(join(folder, 'passphrase'), 'open barley')
  await refused(['author', 'serve', ...NOWHERE, ...sealed], 'KEY_INVALID', /passphrase is wrong/)
})
