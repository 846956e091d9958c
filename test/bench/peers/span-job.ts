import type { CopyView, SpanView } from '../../../src/domain/view.ts'
import { copyView, spanView } from '../../helpers/views.ts'
import type { MadeCore } from './source.ts'

/** The chain's name in salts and signatures. */
export const GENESIS = new Uint8Array(32).fill(0x45)

/** Who makes and who keeps a copy. */
export interface Parties {
  signer: { account: string; noiseKey: string }
  pinner: { account: string; noiseKey: string }
}

/** A copy of one span, the whole core, as the chain shows it once its key is there. */
export function spanJob(made: MadeCore, { signer, pinner }: Parties, key: { N: Uint8Array; e: number }) {
  const span: SpanView = spanView({
    id: 1n,
    signer: signer.account,
    signerNoiseKey: signer.noiseKey,
    state: 'Keyed',
    modulus: key.N,
    e: key.e,
    start: 0,
    end: made.length,
    byteStart: 0,
    byteLength: made.byteLength
  })
  const { fork, length, byteLength, treeHash } = made
  const copy: CopyView = copyView({
    coreKey: made.key,
    tree: { fork: BigInt(fork), length, byteLength, treeHash },
    pinner: pinner.account,
    pinnerNoiseKey: pinner.noiseKey,
    spans: [span]
  })
  return { copy, span }
}
