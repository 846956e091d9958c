import type { Command } from '../command.ts'
import { authorAppend, authorPublish, authorServe } from './author.ts'
import { chain } from './chain.ts'
import { consumerGet } from './consumer.ts'
import { dht } from './dht.ts'
import { doctor } from './doctor.ts'
import { keysImport, keysNew, keysShow } from './keys.ts'
import { pinner, pinnerCopies, signer, verifier } from './providers.ts'
import {
  supporterDonate,
  supporterPin,
  supporterQuote,
  supporterReclaim,
  supporterStatus,
  supporterWish
} from './supporter.ts'
import { testnet } from './testnet.ts'
import { vectorsVerify } from './vectors.ts'

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  testnet,
  authorPublish,
  authorAppend,
  authorServe,
  supporterQuote,
  supporterPin,
  supporterDonate,
  supporterWish,
  supporterReclaim,
  supporterStatus,
  signer,
  pinner,
  pinnerCopies,
  verifier,
  consumerGet,
  dht,
  keysNew,
  keysShow,
  keysImport,
  chain,
  vectorsVerify,
  doctor
]
