import { z } from 'zod'
import { StorageFolder } from '../../src/store/folder.ts'
import { word } from '../../src/store/keys.ts'
import { Records } from '../../src/store/records.ts'
import { defineTable } from '../../src/store/table.ts'

// Counts up in the records and says each number after it was written, until it is killed.
const records = await Records.open(await StorageFolder.open(process.argv[2] ?? ''))
const table = records.table(defineTable({ name: 'words', key: word, value: z.int() }))
for (let count = 0; ; count++) {
  await table.put('count', count)
  process.stdout.write(`${count}\n`)
}
