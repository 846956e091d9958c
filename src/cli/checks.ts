import { createSocket } from 'node:dgram'
import { access, constants, stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { CommonConfig } from '../config.ts'
import { formatBytes, formatDat } from '../domain/amounts.ts'
import { isDatdotError } from '../domain/errors.ts'
import type { Account } from '../domain/ids.ts'
import type { Address } from '../settings.ts'
import { StorageFolder } from '../store/folder.ts'
import { keyFilePath, readKeyFile, readPassphrase } from '../store/key-file.ts'
import type { Context } from './command.ts'
import { describeFailure } from './failure.ts'

/** What a check of `doctor` found; a warning alone stops nothing. */
export interface Finding {
  check: string
  state: 'ok' | 'warning' | 'failed'
  text: string
  /** What to do; empty when all is well. */
  help: string
}

const NEAR_FULL_BYTES = 2 ** 30
const FULL_BYTES = 2 ** 26
const SKEW_MS = 30_000
const CONNECT_MS = 5_000
/** Block times to wait for a new block. */
const PATIENCE = 5
const LEAST_NODE = [20, 19] as const

const ok = (check: string, text: string): Finding => ({ check, state: 'ok', text, help: '' })
const warning = (check: string, text: string, help: string): Finding => ({
  check,
  state: 'warning',
  text,
  help
})
const failed = (check: string, text: string, help: string): Finding => ({
  check,
  state: 'failed',
  text,
  help
})

/** A failure of ours as a finding; anything else is rethrown. */
function finding(check: string, error: unknown): Finding {
  if (!isDatdotError(error)) throw error
  const { message, help } = describeFailure(error)
  return failed(check, message, help)
}

/** Node's version is one that this program runs on. */
export function checkVersions(version: string, nodeVersion = process.versions.node): Finding {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number)
  const text = `datdot ${version} on Node ${nodeVersion}`
  const old = major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1])
  return old
    ? failed('versions', text, `Install Node ${LEAST_NODE.join('.')} or later.`)
    : ok('versions', text)
}

/** The storage folder can be used; nothing is made where there is none. */
export async function checkStorage(path: string): Promise<Finding> {
  if (!(await exists(path))) return checkParent(path)
  try {
    await (await StorageFolder.open(path)).close()
  } catch (error) {
    if (isDatdotError(error, 'STORAGE_LOCKED')) return ok('storage', error.message)
    return finding('storage', error)
  }
  const mode = (await stat(path)).mode & 0o777
  if (mode & 0o077) return warning('storage', `others can look into ${path}`, `Run: chmod 700 ${path}`)
  return ok('storage', path)
}

async function checkParent(path: string): Promise<Finding> {
  let parent = dirname(path)
  while (!(await exists(parent)) && parent !== dirname(parent)) parent = dirname(parent)
  const writable = await access(parent, constants.W_OK).then(
    () => stat(parent).then(entry => entry.isDirectory()),
    () => false
  )
  if (writable) return ok('storage', `${path} is not there yet; a node makes it`)
  return failed('storage', `${path} cannot be made in ${parent}`, 'Choose another --storage.')
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false
  )
}

/** Room on the storage folder's disk. */
export async function checkDisk(path: string): Promise<Finding> {
  let place = path
  while (!(await exists(place)) && place !== dirname(place)) place = dirname(place)
  const { bavail, bsize } = await statfs(place)
  const free = bavail * bsize
  const text = `${formatBytes(free)} free for ${path}`
  if (free < FULL_BYTES) return failed('disk', text, 'Free some space, or choose another --storage.')
  return free < NEAR_FULL_BYTES ? warning('disk', text, 'Free some space soon.') : ok('disk', text)
}

/** The folder's key, and its account when it can be read. */
export async function checkKey(config: CommonConfig): Promise<{ finding: Finding; account: Account | null }> {
  const folder = StorageFolder.at(config.storage)
  try {
    const mode = await stat(keyFilePath(folder)).then(
      entry => entry.mode & 0o777,
      () => 0o600
    )
    const passphrase =
      config.passphraseFile === null ? undefined : await readPassphrase(config.passphraseFile)
    const phrase = await readKeyFile(folder, passphrase)
    const { cryptoReady, formatAccount, phraseToMiniSecret } = await import('../chain-client/keys.ts')
    const { identityOf } = await import('../node/identity.ts')
    await cryptoReady()
    const { account } = identityOf(phraseToMiniSecret(phrase))
    const text = `account ${formatAccount(account)}`
    if ((mode & 0o077) === 0) return { finding: ok('key', text), account }
    const help = 'Its file is closed to them now; if they could be curious, use another key.'
    return { finding: warning('key', `${text}; others could read it`, help), account }
  } catch (error) {
    if (isDatdotError(error, 'KEY_MISSING')) {
      const help = 'A node makes one at its first start; or run `datdot keys new`.'
      return { finding: warning('key', `no key in ${config.storage}`, help), account: null }
    }
    return { finding: finding('key', error), account: null }
  }
}

/** A UDP port can be had for the DHT. */
export async function checkPorts(host: string | null): Promise<Finding> {
  const address = host ?? '0.0.0.0'
  const socket = createSocket('udp4')
  try {
    const port = await new Promise<number>((resolve, reject) => {
      socket.once('error', reject)
      socket.bind(0, address, () => resolve(socket.address().port))
    })
    return ok('ports', `UDP on ${address}, for example ${port}`)
  } catch (error) {
    return failed('ports', `no UDP port on ${address}: ${(error as Error).message}`, 'Choose another --host.')
  } finally {
    socket.close()
  }
}

/** The DHT nodes that were named answer. */
export async function checkBootstrap({ bootstrap, host }: CommonConfig): Promise<Finding> {
  if (bootstrap === null) return ok('bootstrap', 'the public DHT nodes')
  const { answeringNodes } = await import('../hyper/reach.ts')
  let found: Address[]
  try {
    found = await answeringNodes(bootstrap, host ?? undefined)
  } catch (error) {
    return failed('bootstrap', `not asked: ${(error as Error).message}`, 'Choose another --host.')
  }
  const text = `${found.length} of ${bootstrap.length} DHT nodes answer`
  const help = 'Check --bootstrap, and that UDP gets through; `datdot dht` runs nodes of your own.'
  if (found.length === 0) return failed('bootstrap', text, help)
  return found.length < bootstrap.length ? warning('bootstrap', text, help) : ok('bootstrap', text)
}

/** The chain answers, is a datdot chain of a known version, makes blocks, and its clock agrees with ours. */
export async function checkChain(
  context: Context,
  config: CommonConfig,
  account: Account | null
): Promise<Finding[]> {
  const { connect } = await import('../chain-client/client.ts')
  const { signal, clock } = context
  let chain: Awaited<ReturnType<typeof connect>> | undefined
  try {
    chain = await connect({ urls: config.chain, signal, connectTimeoutMs: CONNECT_MS })
    const snapshot = await chain.snapshot()
    const { specVersion, blockTimeMs } = chain.constants
    const name = `${chain.url ?? config.chain.join(', ')}, version ${specVersion}`
    const skewMs = Math.round(clock.now() - (await snapshot.timestampMs()))
    const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE * Math.max(blockTimeMs, 1000))])
    const grows = await newBlock(chain.heads(patience), snapshot.height)
    const funds = account === null ? [] : [checkFunds((await snapshot.balance(account)).spendable)]
    return [ok('chain', name), checkGrowth(grows, snapshot.height), checkClock(skewMs, blockTimeMs), ...funds]
  } catch (error) {
    if (isDatdotError(error, 'ABORTED')) throw error
    return [finding('chain', error)]
  } finally {
    await chain?.close()
  }
}

async function newBlock(heads: AsyncIterable<{ height: number }>, above: number): Promise<boolean> {
  for await (const { height } of heads) if (height > above) return true
  return false
}

function checkGrowth(grows: boolean, height: number): Finding {
  const help = 'Ask whoever runs the chain; calls wait until it goes on.'
  return grows ? ok('blocks', `above ${height}`) : warning('blocks', `none final after ${height}`, help)
}

function checkClock(skewMs: number, blockTimeMs: number): Finding {
  const seconds = (Math.abs(skewMs) / 1000).toFixed(1)
  const text = `${seconds} s ${skewMs < 0 ? 'behind' : 'ahead of'} the newest final block`
  const most = SKEW_MS + 5 * blockTimeMs
  if (skewMs > -most / 2 && skewMs < most) return ok('clock', text)
  return warning(
    'clock',
    text,
    "Set this machine's clock; with the embedded chain, whose clock runs by itself, all is well."
  )
}

function checkFunds(spendable: bigint): Finding {
  const text = `${formatDat(spendable)} to spend`
  return spendable > 0n ? ok('funds', text) : warning('funds', text, 'Send some DAT to the account.')
}
