import { DevChain } from '../../src/dev-chain/index.ts'

// Makes blocks in the folder it is given until it is killed, and prints their heights.
const chain = await DevChain.create({ storage: process.argv[2] ?? null, port: null, blockTimeMs: 'manual' })
for (;;) {
  await chain.mine()
  process.stdout.write(`${chain.height}\n`)
}
