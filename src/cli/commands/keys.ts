import { readFile } from 'node:fs/promises'
import type { CommonConfig } from '../../config.ts'
import { DatdotError } from '../../domain/errors.ts'
import { choice, flag, text } from '../../settings.ts'
import { type FolderPaths, StorageFolder } from '../../store/folder.ts'
import { createKeyFile, isEncrypted, keyFilePath, readKeyFile, readPassphrase } from '../../store/key-file.ts'
import { type Context, defineCommand } from '../command.ts'
import { readAll } from '../stdin.ts'

/** The folders that a key may be for; the supporter is the person who pays. */
const ROLES = ['supporter', 'signer', 'pinner', 'verifier', 'author', 'consumer'] as const
const DEFAULT_ROLE = 'supporter'

const role = choice(ROLES, {
  describe: 'whose default storage folder to use, without --storage',
  fallback: DEFAULT_ROLE,
  flagOnly: true
})

function roleOf(flags: Record<string, unknown>): string {
  const given = ROLES.find(one => one === flags['role'])
  return given ?? DEFAULT_ROLE
}

async function inFolder<T>(config: CommonConfig, step: (folder: StorageFolder) => Promise<T>): Promise<T> {
  const folder = await StorageFolder.open(config.storage)
  try {
    return await step(folder)
  } finally {
    await folder.close()
  }
}

async function passphraseOf(config: CommonConfig): Promise<string | undefined> {
  return config.passphraseFile === null ? undefined : readPassphrase(config.passphraseFile)
}

interface Shown {
  folder: FolderPaths
  phrase: string
  encrypted: boolean
  reveal: boolean
}

/** Says who a phrase makes; the phrase itself only when it is to be revealed. */
async function showKey({ output }: Context, { folder, phrase, encrypted, reveal }: Shown): Promise<void> {
  const { cryptoReady, formatAccount, phraseToMiniSecret } = await import('../../chain-client/keys.ts')
  const { identityOf } = await import('../../node/identity.ts')
  await cryptoReady()
  const { account, noiseKey } = identityOf(phraseToMiniSecret(phrase))
  const address = formatAccount(account)
  const keyFile = keyFilePath(folder)
  const lines = [
    `account   ${address}`,
    `public    ${account}`,
    `noise key ${noiseKey}`,
    `key file  ${keyFile}${encrypted ? ' (encrypted)' : ''}`
  ]
  if (reveal)
    lines.push(
      `phrase    ${phrase}`,
      '',
      'Write the 12 words down and keep them secret: they are the account and its money.'
    )
  output.result(
    { account, address, noiseKey, keyFile, encrypted, ...(reveal ? { phrase } : {}) },
    lines.join('\n')
  )
}

/** Makes a key and shows its phrase, this once. */
export const keysNew = defineCommand({
  name: 'keys new',
  role: roleOf,
  summary: 'Make a key: 12 words, shown once',
  description:
    'Makes the key of a node, from 12 words that are shown this once. An existing key is never overwritten.',
  settings: { role },
  examples: [
    ['datdot keys new --role pinner', "make the pinner's key"],
    ['datdot keys new --storage ./node --passphrase-file ./passphrase', 'keep it encrypted']
  ],
  async run(context, config) {
    const { newPhrase, cryptoReady } = await import('../../chain-client/keys.ts')
    await cryptoReady()
    const passphrase = await passphraseOf(config)
    await inFolder(config, async folder => {
      const phrase = newPhrase()
      await createKeyFile(folder, phrase, passphrase)
      await showKey(context, { folder, phrase, encrypted: passphrase !== undefined, reveal: true })
    })
    return undefined
  }
})

/** Shows whose key is in a folder. */
export const keysShow = defineCommand({
  name: 'keys show',
  role: roleOf,
  summary: 'Show the account and noise key of a storage folder',
  settings: { role, reveal: flag({ describe: 'show the 12 words too', flagOnly: true }) },
  examples: [['datdot keys show --role signer', "show the signer's account"]],
  async run(context, config) {
    const passphrase = await passphraseOf(config)
    const folder = StorageFolder.at(config.storage)
    const phrase = await readKeyFile(folder, passphrase)
    await showKey(context, { folder, phrase, encrypted: await isEncrypted(folder), reveal: config.reveal })
    return undefined
  }
})

/** Keeps a phrase that exists already. */
export const keysImport = defineCommand({
  name: 'keys import',
  role: roleOf,
  summary: 'Keep 12 words that you have already',
  description:
    'Reads 12 words from a file or from stdin, never from the command line, where others could see them.',
  positionals: { file: text({ describe: 'file with the 12 words, - for stdin', fallback: '-' }) },
  settings: { role },
  examples: [
    ['datdot keys import words.txt --role supporter', 'from a file'],
    ['datdot keys import < words.txt', 'from stdin']
  ],
  async run(context, config) {
    const { cryptoReady, isPhrase } = await import('../../chain-client/keys.ts')
    await cryptoReady()
    const given =
      config.file === '-' ? await readAll(context.stdin, context.signal) : await readWords(config.file)
    const phrase = given.trim().toLowerCase().split(/\s+/).join(' ')
    if (!isPhrase(phrase)) throw new DatdotError('KEY_INVALID', 'these are not the 12 words of a key')
    const passphrase = await passphraseOf(config)
    await inFolder(config, async folder => {
      await createKeyFile(folder, phrase, passphrase)
      await showKey(context, { folder, phrase, encrypted: passphrase !== undefined, reveal: false })
    })
    return undefined
  }
})

async function readWords(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(error => {
    throw new DatdotError('KEY_INVALID', `${path} cannot be read`, { cause: error })
  })
}
