import { join } from 'node:path'
import { accountKeys, cryptoReady, newPhrase, phraseToMiniSecret } from '../../chain-client/keys.ts'
import type { Account, NoiseKey } from '../../domain/ids.ts'
import { StorageFolder } from '../../store/folder.ts'
import { createKeyFile, hasKeyFile, readKeyFile } from '../../store/key-file.ts'

/** How many nodes of each role a local network has. */
export const ROSTER = [
  ['author', 1],
  ['supporter', 1],
  ['signer', 3],
  ['pinner', 4],
  ['verifier', 4]
] as const

export type MemberRole = (typeof ROSTER)[number][0]

/** A node of the local network before it runs. */
export interface Member {
  name: string
  role: MemberRole
  account: Account
  noiseKey: NoiseKey
  storage: string
}

/** Makes each node's folder and key, or reads those that an earlier run left. */
export async function makeMembers(
  storage: string,
  noiseKeyOf: (miniSecret: Uint8Array) => NoiseKey
): Promise<Member[]> {
  await cryptoReady()
  const members: Member[] = []
  for (const [role, count] of ROSTER)
    for (let i = 1; i <= count; i++) {
      const name = count === 1 ? role : `${role}-${i}`
      const folder = await StorageFolder.open(join(storage, name))
      try {
        if (!(await hasKeyFile(folder))) await createKeyFile(folder, newPhrase())
        const secret = phraseToMiniSecret(await readKeyFile(folder))
        const { account } = accountKeys(secret)
        members.push({ name, role, account, noiseKey: noiseKeyOf(secret), storage: folder.path })
      } finally {
        await folder.close()
      }
    }
  return members
}
