import { join } from 'node:path'
import type { DhtAddress } from 'hyperdht'
import { sampleSize } from '../../../roles/verifier/sample.ts'
import type { CopyView } from '../../../src/domain/view.ts'
import { measureSample } from '../../../src/hyper/measure.ts'
import { HyperNode } from '../../../src/hyper/node.ts'

const TIMEOUT_MS = 120_000

/** A verifier's node without the chain. */
export class VerifierPeer {
  /** Reads as many blocks of a copy from its pinner as a check does, spread over all of it. */
  async sample(storage: string, bootstrap: readonly DhtAddress[], copy: CopyView): Promise<void> {
    const options = { seed: new Uint8Array(32).fill(3), bootstrap, host: '127.0.0.1', lookupMs: 250 }
    const hyper = new HyperNode({ storage: join(storage, 'cores'), ...options })
    try {
      await hyper.ready()
      const { coreKey, tree, pinnerNoiseKey: peer } = copy
      const count = sampleSize(tree)
      const indexes = Array.from({ length: count }, (_, i) => Math.floor((i * tree.length) / count))
      const times = { connectTimeoutMs: TIMEOUT_MS, timeoutMs: TIMEOUT_MS }
      const request = { coreKey, peer, tree, indexes, ...times, tempFolder: storage }
      const { outcome, reason } = await measureSample(hyper, request)
      if (outcome !== 'Served') throw new Error(`the sample is ${outcome}: ${reason}`)
    } finally {
      await hyper.close()
    }
  }

  close(): void {}
}
