import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { access, chmod, readFile, stat } from 'node:fs/promises'
import { z } from 'zod'
import { DatdotError } from '../domain/errors.ts'
import { writeFileAtomically } from './atomic-file.ts'
import { storing, systemCode } from './failure.ts'
import { FILE_MODE, type FolderPaths } from './folder.ts'

const NAME = 'key.json'
const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
/** Binds a ciphertext to this use. */
const PURPOSE = Buffer.from('datdot/key-file/1')
/** 128 MiB and about half a second for each guess. */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1 }
/** What the file of a key may ask for at most: four times of ours, half a gigabyte and two seconds. */
const MOST_SCRYPT = 4 * SCRYPT.N * SCRYPT.r * SCRYPT.p
const MAX_PASSPHRASE_BYTES = 1024

const hex = z.string().regex(/^(?:[0-9a-f]{2})+$/)
const Plain = z.strictObject({ version: z.literal(1), phrase: z.string() })
const Sealed = z.strictObject({
  version: z.literal(1),
  kdf: z
    .strictObject({
      name: z.literal('scrypt'),
      N: z.int().min(2),
      r: z.int().min(1),
      p: z.int().min(1),
      salt: hex
    })
    .refine(({ N, r, p }) => N * r * p <= MOST_SCRYPT),
  cipher: z.strictObject({ name: z.literal(CIPHER), iv: hex.length(24), tag: hex.length(32) }),
  data: hex
})
const KeyFile = z.union([Plain, Sealed])

/** Where a folder keeps its seed phrase. */
export function keyFilePath(folder: FolderPaths): string {
  return folder.resolve(NAME)
}

/** True when the folder has a seed phrase. */
export async function hasKeyFile(folder: FolderPaths): Promise<boolean> {
  return access(keyFilePath(folder)).then(
    () => true,
    error => (systemCode(error) === 'ENOENT' ? false : Promise.reject(error))
  )
}

/** Keeps a seed phrase in the folder, 0600, encrypted when a passphrase is given; throws KEY_EXISTS, never overwrites. */
export async function createKeyFile(folder: FolderPaths, phrase: string, passphrase?: string): Promise<void> {
  const path = keyFilePath(folder)
  if (await hasKeyFile(folder)) throw new DatdotError('KEY_EXISTS', `${path} exists`, { details: { path } })
  const content = passphrase === undefined ? { version: 1, phrase } : await seal(phrase, passphrase)
  await writeFileAtomically(path, `${JSON.stringify(content, null, 2)}\n`)
}

/** The folder's seed phrase; closes the file to others; throws KEY_MISSING or KEY_INVALID (also for a wrong passphrase). */
export async function readKeyFile(folder: FolderPaths, passphrase?: string): Promise<string> {
  const path = keyFilePath(folder)
  const content = await readContent(folder)
  const mode = (await stat(path)).mode & 0o777
  if (mode !== FILE_MODE) await storing(path, () => chmod(path, FILE_MODE))
  const key = parseKey(content, path)
  if ('phrase' in key) return key.phrase
  if (passphrase === undefined) throw invalid(path, 'it is encrypted: give --passphrase-file')
  return unseal(key, passphrase, path)
}

/** True when the folder's key needs a passphrase; throws as `readKeyFile`. */
export async function isEncrypted(folder: FolderPaths): Promise<boolean> {
  return !('phrase' in parseKey(await readContent(folder), keyFilePath(folder)))
}

/** The first line of a passphrase file; throws KEY_INVALID. */
export async function readPassphrase(path: string): Promise<string> {
  const content = await readFile(path, 'utf8').catch(error => {
    throw new DatdotError('KEY_INVALID', `the passphrase file ${path} cannot be read`, { cause: error })
  })
  const passphrase = content.split(/\r?\n/, 1)[0] ?? ''
  if (passphrase === '' || Buffer.byteLength(passphrase) > MAX_PASSPHRASE_BYTES) {
    throw new DatdotError(
      'KEY_INVALID',
      `the passphrase in ${path} is empty or longer than ${MAX_PASSPHRASE_BYTES} bytes`
    )
  }
  return passphrase
}

async function readContent(folder: FolderPaths): Promise<string> {
  const path = keyFilePath(folder)
  return readFile(path, 'utf8').catch(error => {
    if (systemCode(error) !== 'ENOENT') throw invalid(path, `it cannot be read (${systemCode(error)})`, error)
    const details = { path }
    throw new DatdotError(
      'KEY_MISSING',
      `there is no key; make one with: datdot keys new --storage ${folder.path}`,
      { details }
    )
  })
}

function invalid(path: string, reason: string, cause?: unknown): DatdotError {
  return new DatdotError('KEY_INVALID', `the key file ${path} is not usable: ${reason}`, {
    cause,
    details: { path }
  })
}

/** Zod's and JSON's own messages could quote the phrase: they are left out. */
function parseKey(content: string, path: string): z.output<typeof KeyFile> {
  try {
    return KeyFile.parse(JSON.parse(content))
  } catch {
    throw invalid(path, 'it is damaged')
  }
}

function derive(passphrase: string, salt: Buffer, { N, r, p }: typeof SCRYPT): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, key: Buffer) => (error ? reject(error) : resolve(key))
    scrypt(
      passphrase.normalize('NFKC'),
      salt,
      KEY_BYTES,
      { N, r, p, maxmem: 128 * N * r * p + 2 ** 21 },
      done
    )
  })
}

async function seal(phrase: string, passphrase: string): Promise<z.output<typeof Sealed>> {
  const salt = randomBytes(32)
  const iv = randomBytes(12)
  const cipher = createCipheriv(CIPHER, await derive(passphrase, salt, SCRYPT), iv).setAAD(PURPOSE)
  const data = Buffer.concat([cipher.update(phrase, 'utf8'), cipher.final()])
  return {
    version: 1,
    kdf: { name: 'scrypt', ...SCRYPT, salt: salt.toString('hex') },
    cipher: { name: CIPHER, iv: iv.toString('hex'), tag: cipher.getAuthTag().toString('hex') },
    data: data.toString('hex')
  }
}

async function unseal(sealed: z.output<typeof Sealed>, passphrase: string, path: string): Promise<string> {
  try {
    const key = await derive(passphrase, Buffer.from(sealed.kdf.salt, 'hex'), sealed.kdf)
    const decipher = createDecipheriv(CIPHER, key, Buffer.from(sealed.cipher.iv, 'hex')).setAAD(PURPOSE)
    decipher.setAuthTag(Buffer.from(sealed.cipher.tag, 'hex'))
    return Buffer.concat([decipher.update(Buffer.from(sealed.data, 'hex')), decipher.final()]).toString(
      'utf8'
    )
  } catch (error) {
    throw invalid(path, 'the passphrase is wrong, or it is damaged', error)
  }
}
