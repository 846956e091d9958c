import type { RsaBackend } from '../../../src/codec/backend.ts'

const wait = (): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

/** Never answers. */
export const backend: RsaBackend = { publicFunction: () => wait, privateFunction: () => wait }
