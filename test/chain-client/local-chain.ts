import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { TestContext } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { ChainClient } from '../../src/chain-client/client.ts'
import { accountKeys, cryptoReady } from '../../src/chain-client/keys.ts'
import type { AccountKeys, ConnectOptions, Receipt } from '../../src/chain-client/types.ts'
import { DevChain, type DevChainOptions } from '../../src/dev-chain/index.ts'
import { DAT } from '../../src/domain/amounts.ts'
import { fromHex, toHex } from '../../src/domain/bytes.ts'
import type { Call } from '../../src/domain/calls.ts'
import { noiseMessage } from '../../src/domain/messages.ts'
import type { TreeFacts } from '../../src/domain/publish.ts'

const ENDOWED = 12
/** Each of {@link keysOf} 1 … 12 begins with this. */
export const ENDOWMENT = 10_000n * DAT

/** The account number n of these tests. */
export async function keysOf(n: number): Promise<AccountKeys> {
  await cryptoReady()
  return accountKeys(new Uint8Array(32).fill(n))
}

/** A chain that makes blocks on demand; the test closes it. */
export async function openChain(options: Partial<DevChainOptions> = {}): Promise<DevChain> {
  const keys = await Promise.all(Array.from({ length: ENDOWED }, (_, index) => keysOf(index + 1)))
  return DevChain.create({
    storage: null,
    port: null,
    blockTimeMs: 'manual',
    endowed: keys.map(({ account }) => ({ account: `0x${account}`, amount: ENDOWMENT })),
    ...options
  })
}

/** A chain and a client without a socket, both closed after the test. */
export async function openBoth(t: TestContext): Promise<{ chain: DevChain; client: ChainClient }> {
  const chain = await openChain()
  t.after(() => chain.close())
  const client = await ChainClient.connect({ provider: chain.provider() })
  t.after(() => client.close())
  return { chain, client }
}

/** A client that is closed after the test. */
export async function connectFor(t: TestContext, options: ConnectOptions): Promise<ChainClient> {
  const client = await ChainClient.connect(options)
  t.after(() => client.close())
  return client
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** Makes blocks, none before the client has seen the last one, until the work is done; at most 100. */
export async function mined<T>(
  { chain, client }: { chain: DevChain; client: ChainClient },
  work: Promise<T>
): Promise<T> {
  const settled = work.then(
    () => true,
    () => true
  )
  for (let i = 0; i < 100; i++) {
    await chain.mine()
    await synced(client, chain)
    if (await Promise.race([settled, turn(false)])) return work
  }
  throw new Error('not done after 100 blocks')
}

/** Sends a call and makes blocks until it is in one. */
export async function sent(
  both: { chain: DevChain; client: ChainClient },
  keys: AccountKeys,
  call: Call
): Promise<Receipt> {
  return mined(both, both.client.account(keys).submit(call))
}

/** Waits until the chain's pool holds so many extrinsics. */
export async function pooled(chain: DevChain, count: number): Promise<void> {
  const provider = chain.provider()
  await provider.connect()
  for (let pending: unknown[] = []; pending.length < count; ) {
    await turn()
    pending = await provider.send('author_pendingExtrinsics', [])
  }
  await provider.disconnect()
}

/** Waits until the client has seen the chain's newest block. */
export async function synced(client: ChainClient, chain: DevChain): Promise<void> {
  for await (const head of client.heads(AbortSignal.timeout(30_000), { from: chain.height }))
    if (head.height >= chain.height) return
}

/** Makes blocks until the question has an answer, at most 200. */
export async function mineUntil<T>(
  { chain, client }: { chain: DevChain; client: ChainClient },
  ask: () => Promise<T | null>
): Promise<T> {
  for (let i = 0; i < 200; i++) {
    const answer = await ask()
    if (answer !== null) return answer
    await chain.mine()
    await synced(client, chain)
  }
  throw new Error('no answer after 200 blocks')
}

/** A noise key pair with the proof that an account holds it. */
export function noiseKeys(genesis: Uint8Array, account: string): { noiseKey: string; proof: Uint8Array } {
  const { privateKey } = generateKeyPairSync('ed25519')
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' })
  const jwk = createPublicKey(createPrivateKey(pem)).export({ format: 'jwk' })
  const proof = sign(null, noiseMessage({ genesis, account: fromHex(account) }), privateKey)
  return { noiseKey: toHex(Buffer.from(String(jwk.x), 'base64url')), proof: new Uint8Array(proof) }
}

interface PublishCase {
  name: string
  identity: { manifest: string } | { compat: string }
  key: string
  fork: number
  length: number
  byteLength: number
  peaks: { size: number; hash: string }[]
  treeHash: string
  signature: string
}

/** A core of the published vectors, small enough for one span. */
export function vectorCore(name: string): TreeFacts {
  const file = new URL('../../../test/vectors/publish.json', import.meta.url)
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: PublishCase[] }
  const found = cases.find(item => item.name === name)
  if (!found) throw new Error(`no case ${name}`)
  const { identity } = found
  return {
    key: found.key,
    identity:
      'manifest' in identity ? { manifest: fromHex(identity.manifest) } : { key: fromHex(identity.compat) },
    fork: BigInt(found.fork),
    length: found.length,
    byteLength: found.byteLength,
    peaks: found.peaks.map(({ size, hash }) => ({ size: BigInt(size), hash: fromHex(hash) })),
    treeHash: fromHex(found.treeHash),
    signature: fromHex(found.signature),
    cuts: []
  }
}
