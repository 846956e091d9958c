import assert from 'node:assert/strict'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { verifySignature } from '../../src/chain-client/keys.ts'
import { verifyEd25519 } from '../../src/codec/signature.ts'
import { fromHex } from '../../src/domain/bytes.ts'
import { noiseMessage } from '../../src/domain/messages.ts'
import { HyperNode } from '../../src/hyper/node.ts'
import { openIdentity, proofOfNoiseKey } from '../../src/node/identity.ts'
import { StorageFolder } from '../../src/store/folder.ts'
import { keyFilePath } from '../../src/store/key-file.ts'

async function folderOf(t: TestContext): Promise<StorageFolder> {
  const path = await mkdtemp(join(tmpdir(), 'datdot-identity-'))
  const folder = await StorageFolder.open(path)
  t.after(async () => {
    await folder.close()
    await rm(path, { recursive: true, force: true })
  })
  return folder
}

test('identity - is made once, kept for its owner alone, and the same after a restart', async t => {
  const folder = await folderOf(t)
  const first = await openIdentity(folder)
  const again = await openIdentity(folder)
  assert.equal(again.account, first.account)
  assert.equal(again.noiseKey, first.noiseKey)
  assert.equal((await stat(keyFilePath(folder))).mode & 0o777, 0o600)
})

test('identity - has the noise key that its hyper node has on the network', async t => {
  const folder = await folderOf(t)
  const identity = await openIdentity(folder)
  const hyper = new HyperNode({
    storage: folder.resolve('cores'),
    seed: identity.noiseSeed,
    host: '127.0.0.1'
  })
  t.after(() => hyper.close())
  assert.equal(hyper.noiseKey, identity.noiseKey)
})

test('identity - signs with account and noise key, and proves to have the latter', async t => {
  const identity = await openIdentity(await folderOf(t))
  const message = new Uint8Array([1, 2, 3])
  assert.ok(verifySignature(message, identity.keys.sign(message), identity.account))
  assert.ok(verifyEd25519(message, identity.signNoise(message), fromHex(identity.noiseKey)))
  const genesis = new Uint8Array(32).fill(7)
  const proof = proofOfNoiseKey(identity)(genesis, identity.account)
  const proved = noiseMessage({ genesis, account: fromHex(identity.account) })
  assert.ok(verifyEd25519(proved, proof, fromHex(identity.noiseKey)))
})
