import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { type ConfigSources, dataFolder, loadConfig, variableOf } from '../../src/config.ts'
import { bytes, flag } from '../../src/settings.ts'
import { tempFolder } from '../helpers/folder.ts'

const settings = {
  capacity: bytes({ describe: 'how much', fallback: '10GB' }),
  reveal: flag({ describe: 'an act', flagOnly: true })
}
const load = (sources: Partial<ConfigSources>) =>
  loadConfig(settings, { role: 'pinner', env: {}, ...sources })

test('config - defaults stand where nothing is given', async t => {
  const home = await tempFolder(t)
  const config = await load({ home, platform: 'linux' })
  assert.deepEqual(config, {
    chain: ['ws://127.0.0.1:9944'],
    storage: join(home, '.local/share/datdot/pinner'),
    passphraseFile: null,
    bootstrap: null,
    host: null,
    logLevel: 'warn',
    json: false,
    capacity: 10_000_000_000,
    reveal: false
  })
})

test('config - file, environment and flags win in this order', async t => {
  const storage = await tempFolder(t)
  const file = { capacity: '1GB', logLevel: 'error', chain: ['ws://file'], host: '127.0.0.1' }
  await writeFile(join(storage, 'config.json'), JSON.stringify(file))
  const env = { DATDOT_CAPACITY: '2GB', DATDOT_LOG_LEVEL: 'info', DATDOT_JSON: 'true' }
  const config = await load({ env, flags: { storage, capacity: '3GB', json: undefined } })
  assert.equal(config.capacity, 3_000_000_000)
  assert.equal(config.logLevel, 'info')
  assert.equal(config.json, true)
  assert.equal(config.host, '127.0.0.1')
  assert.deepEqual(config.chain, ['ws://file'])
})

test('config - lists take commas, repeats and arrays', async t => {
  const home = await tempFolder(t)
  const env = { DATDOT_BOOTSTRAP: '127.0.0.1:1, localhost:2', DATDOT_CHAIN: 'ws://a,wss://b' }
  const config = await load({ home, env })
  assert.deepEqual(config.bootstrap, [
    { host: '127.0.0.1', port: 1 },
    { host: 'localhost', port: 2 }
  ])
  assert.deepEqual(config.chain, ['ws://a', 'wss://b'])
  const other = await load({ home, flags: { bootstrap: ['h:1', 'h:2,h:3'] } })
  assert.equal(other.bootstrap?.length, 3)
})

test('config - an unknown key is refused by its name, in file and environment', async t => {
  const storage = await tempFolder(t)
  await writeFile(join(storage, 'config.json'), JSON.stringify({ capcity: '1GB' }))
  await assert.rejects(load({ flags: { storage } }), {
    code: 'BAD_CONFIG',
    message: `"capcity" in ${join(storage, 'config.json')} is not a setting`
  })
  await assert.rejects(load({ env: { DATDOT_CAPCITY: '1GB' } }), {
    code: 'BAD_CONFIG',
    message: /DATDOT_CAPCITY/
  })
  await assert.rejects(load({ env: { DATDOT_REVEAL: 'true' } }), {
    code: 'BAD_CONFIG',
    message: /DATDOT_REVEAL/
  })
})

test("config - another command's setting is known and not used", async t => {
  const storage = await tempFolder(t)
  await writeFile(join(storage, 'config.json'), JSON.stringify({ workers: 3 }))
  const config = await load({ env: { DATDOT_WORKERS: '4' }, known: ['workers'], flags: { storage } })
  assert.equal('workers' in config, false)
})

test('config - variables of the build tools are not ours', async t => {
  const home = await tempFolder(t)
  await load({ home, env: { DATDOT_VECTORS: '/v', DATDOT_WASM_TOOLCHAIN: '/w', DATDOT_HOST: '' } })
})

test('config - a bad value names where it stands', async t => {
  const storage = await tempFolder(t)
  const path = join(storage, 'config.json')
  await writeFile(path, JSON.stringify({ logLevel: 'loud' }))
  await assert.rejects(load({ flags: { storage } }), {
    code: 'BAD_CONFIG',
    message: `logLevel in ${path}: expected one of silent, error, warn, info, debug`
  })
  await writeFile(path, JSON.stringify({ chain: 'http://x' }))
  await assert.rejects(load({ flags: { storage } }), { message: /^chain in .*"http:\/\/x" is not a url/ })
  await writeFile(path, '{}')
  const cases: [Record<string, unknown>, RegExp][] = [
    [{ storage, bootstrap: ['127.0.0.1'] }, /^--bootstrap: "127.0.0.1" is not host:port/],
    [{ storage, capacity: 'much' }, /^--capacity: "much" is not a size/],
    [{ storage, host: '' }, /^--host: expected text/],
    [{ storage, logLevel: '' }, /^--log-level: /]
  ]
  for (const [flags, message] of cases) await assert.rejects(load({ flags }), { code: 'BAD_CONFIG', message })
})

test('config - a file that is not there, not JSON or not an object is refused when it was named', async t => {
  const folder = await tempFolder(t)
  const config = join(folder, 'c.json')
  await assert.rejects(load({ flags: { config } }), { code: 'BAD_CONFIG', message: /cannot be read/ })
  for (const content of ['', '{', '[]', '3', 'null', '"x"']) {
    await writeFile(config, content)
    await assert.rejects(load({ flags: { config } }), { code: 'BAD_CONFIG' }, content)
  }
  await mkdir(join(folder, 'folder'))
  await assert.rejects(load({ flags: { config: join(folder, 'folder') } }), { code: 'BAD_CONFIG' })
})

test('config - a named file may set the storage, the one inside it may not', async t => {
  const folder = await tempFolder(t)
  const config = join(folder, 'config.json')
  await writeFile(config, JSON.stringify({ storage: '/elsewhere' }))
  assert.equal((await load({ flags: { config } })).storage, '/elsewhere')
  assert.equal((await load({ env: { DATDOT_CONFIG: config } })).storage, '/elsewhere')
  await assert.rejects(load({ flags: { storage: folder } }), {
    code: 'BAD_CONFIG',
    message: /its own folder/
  })
})

test('config - the data folder is the platform’s', () => {
  const home = '/h'
  assert.equal(dataFolder({ platform: 'linux', home, env: {} }), '/h/.local/share/datdot')
  assert.equal(dataFolder({ platform: 'linux', home, env: { XDG_DATA_HOME: '/x' } }), '/x/datdot')
  assert.equal(
    dataFolder({ platform: 'linux', home, env: { XDG_DATA_HOME: 'not-absolute' } }),
    '/h/.local/share/datdot'
  )
  assert.equal(dataFolder({ platform: 'darwin', home, env: {} }), '/h/Library/Application Support/datdot')
  assert.equal(dataFolder({ platform: 'win32', home, env: { LOCALAPPDATA: '/l' } }), '/l/datdot')
  assert.equal(variableOf('passphraseFile'), 'DATDOT_PASSPHRASE_FILE')
})
