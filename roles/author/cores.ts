import type { CoreKey } from '../../src/domain/ids.ts'

/** A hypercore that this node may append to. */
export interface OwnCore {
  readonly key: CoreKey
  readonly length: number
  readonly byteLength: number
  appendAll(
    blocks: AsyncIterable<Uint8Array>,
    options: { signal: AbortSignal; onProgress: (progress: { blocks: number; bytes: number }) => void }
  ): Promise<unknown>
  /** A block of this core, or null when it is not here. */
  getLocal(index: number): Promise<Uint8Array | null>
  /** Resolves when the swarm knows that the core is served here, or when the signal fires. */
  announce(signal: AbortSignal): Promise<void>
}

/** The hypercores of this node's author. */
export interface OwnCores {
  create(): Promise<OwnCore>
  /** Throws NOT_FOUND when the core is not one of ours. */
  open(key: CoreKey): Promise<OwnCore>
  list(): Promise<CoreKey[]>
}
