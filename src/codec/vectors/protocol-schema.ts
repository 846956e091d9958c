import { z } from 'zod'
import { big, count, hex } from './fields.ts'

/** More than any chain draws; a file could keep this program busy for ever with more. */
const MOST_SAMPLES = 1_024

export const PROTOCOL_FORMAT = 'datdot-protocol-vectors-1'

const candidates = count.min(1)
const ppm = count.max(1_000_000)

export const beacon = z.strictObject({
  start: hex(32),
  blocks: z.array(z.strictObject({ input: hex(32), acc: hex(32) })),
  s: count,
  seed: hex(32)
})

export const draw = z.strictObject({
  value: hex(32),
  role: z.union([z.literal(0), z.literal(1)]),
  coreKey: hex(32),
  requestId: big,
  slot: count,
  attempt: count,
  span: big,
  C: candidates,
  tries: z.array(z.strictObject({ try: count, index: count, accept: count }))
})

export const period = z.strictObject({ value: hex(32), p: count, seed: hex(32) })

export const verifierDraw = z.strictObject({ copy: big, j: count, try: count, C: candidates, index: count })

export const saltBeacon = z.strictObject({
  value: hex(32),
  coreKey: hex(32),
  requestId: big,
  slot: count,
  spanNumber: count,
  beacon: hex(32)
})

export const periodLeaves = z.strictObject({
  seed: hex(32),
  copyId: big,
  cells: z.array(count),
  samples: count.max(MOST_SAMPLES),
  leaves: z.array(z.tuple([count, count]))
})

export const replicaLeaf = z.strictObject({
  seed: hex(32),
  copy: big,
  account: hex(32),
  T: candidates,
  index: count
})

export const sampleDigest = z.strictObject({
  account: hex(32),
  copy: big,
  period: count,
  blocks: z.array(z.strictObject({ index: count, data: hex() })),
  digest: hex(32)
})

export const messages = z.strictObject({
  genesis: hex(32),
  spanId: big,
  tag: hex(32),
  cells: count,
  leaves: count,
  root: hex(32),
  copy: big,
  period: count,
  account: hex(32),
  seal: hex(),
  checkpoint: hex(),
  receipt: hex(),
  noise: hex()
})

export const noiseSeed = z.strictObject({ miniSecret: hex(32), seed: hex(32) })

export const spans = z.strictObject({
  byteLength: count,
  length: count,
  target: count.min(1),
  n: count,
  bounds: z.array(count)
})

const potState = z.strictObject({
  B: big,
  T: big,
  W: big,
  era: count,
  scale: count,
  wanted: count,
  shares: z.record(z.string(), big)
})

export const pot = z.array(
  z.discriminatedUnion('op', [
    z.strictObject({ op: z.literal('donate'), w: z.string(), a: big, wish: count.max(255), after: potState }),
    z.strictObject({ op: z.literal('burn'), a: big, after: potState })
  ])
)

export const settlement = z.strictObject({
  y: big,
  z: big,
  R: ppm,
  k: count.min(1),
  V: count.min(1),
  proved: z.boolean(),
  reports: z.array(z.strictObject({ outcome: count, R: ppm })),
  xSpans: z.array(big),
  passes: count,
  verdict: z.union([z.literal('Served'), z.literal('Failed')]).nullable(),
  pinner: big,
  verifiers: z.array(big),
  signers: z.array(big)
})

export const price = z.strictObject({ rate: big, byteLength: big, price: big })
