import type { AuthorPeer } from './author.ts'
import type { ChainPeer } from './chain.ts'
import type { ConsumerPeer } from './consumer.ts'
import type { PinnerPeer } from './pinner.ts'
import type { ReaderPeer } from './reader.ts'
import type { SignerPeer } from './signer.ts'
import type { SourcePeer } from './source.ts'
import type { SupporterPeer } from './supporter.ts'
import type { VerifierPeer } from './verifier.ts'

/** What each kind of process can be asked to do: the methods of its class. */
export interface PeerKinds {
  source: SourcePeer
  reader: ReaderPeer
  signer: SignerPeer
  pinner: PinnerPeer
  author: AuthorPeer
  chain: ChainPeer
  supporter: SupporterPeer
  consumer: ConsumerPeer
  verifier: VerifierPeer
}

export type PeerName = keyof PeerKinds

/** A call of a method, by structured clone. */
export interface Request {
  id: number
  method: string
  args: readonly unknown[]
}

/** What came of it; `error` is the error's stack. */
export interface Answer {
  id: number
  value?: unknown
  error?: string
}
