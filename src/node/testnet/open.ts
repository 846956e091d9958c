import { fileURLToPath } from 'node:url'
import { connect } from '../../chain-client/client.ts'
import { accountKeys } from '../../chain-client/keys.ts'
import { fromHex } from '../../domain/bytes.ts'
import { identityOf } from '../identity.ts'
import { Testnet, type TestnetOptions } from './testnet.ts'

/** Substrate's public development key //Alice, which the development genesis endows. */
const ALICE = fromHex('e5be9a5092b81bca64be81d212e7f2f9eba183bb7a90954f7b76361f6edb5c0a')

const PROGRAM = fileURLToPath(new URL('../../cli/main.js', import.meta.url))

/** A local network of this program's own commands; `ready()` starts it. */
export function createTestnet(options: TestnetOptions, env: NodeJS.ProcessEnv): Testnet {
  return new Testnet(options, {
    program: PROGRAM,
    env,
    noiseKeyOf: miniSecret => identityOf(miniSecret).noiseKey,
    connect: (url, signal) => connect({ urls: [url], signal }),
    fund: async (chain, gifts, signal) => {
      const alice = chain.account(accountKeys(ALICE))
      await Promise.all(gifts.map(({ to, amount }) => alice.submit({ call: 'transfer', to, amount }, signal)))
    }
  })
}
