import files from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'

// Destroys a secret and is killed when its bytes are overwritten, before the file is gone.
const open = files.open
files.open = async (...options: Parameters<typeof open>) => {
  const file = await open(...options)
  if (options[1] === 'r+') file.sync = async () => void process.kill(process.pid, 'SIGKILL')
  return file
}
syncBuiltinESMExports()
const { SecretFiles } = await import('../../src/store/secret-files.ts')
const { StorageFolder } = await import('../../src/store/folder.ts')
const secrets = await SecretFiles.open(await StorageFolder.open(process.argv[2] ?? ''))
await secrets.put('7', Buffer.from('secret'))
await secrets.destroy('7')
