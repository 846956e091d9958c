import { StorageFolder } from '../../src/store/folder.ts'

// Opens the folder that it is given and keeps it until it is killed.
await StorageFolder.open(process.argv[2] ?? '')
process.stdout.write('open\n')
setInterval(() => undefined, 2 ** 30)
