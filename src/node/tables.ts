import { z } from 'zod'
import { OUTCOMES } from '../domain/reports.ts'
import { pair, u32, u64, word } from '../store/keys.ts'
import { defineTable } from '../store/table.ts'
import { bytes, hex32 } from '../store/value.ts'

const natural = z.int().min(0)
const u64Value = z.bigint().min(0n)
const signedRoot = { root: bytes(32), signature: bytes(64) }

/** The chain's blocks 0 and 1, under 'genesis' and 'first', and the newest finalized one that the node acted on, under 'finalized': another chain, or an older one, is found out. */
export const knownBlock = defineTable({
  name: 'known-block',
  key: word,
  value: z.strictObject({ height: natural, hash: hex32 })
})

/** What a supporter gives to a core in a command that did not end yet, by core and command. */
export const donations = defineTable({
  name: 'donations',
  key: word,
  value: z.strictObject({
    amount: z.bigint().min(0n),
    wish: natural,
    shares: u64Value,
    given: z.bigint().nullable()
  })
})

/** What a signer computed of each span that it makes. */
export const signerSpans = defineTable({
  name: 'signer-spans',
  key: u64,
  value: z.strictObject({
    coreKey: hex32,
    start: natural,
    end: natural,
    cells: natural,
    peaks: z.array(bytes(32)).max(64)
  })
})

/** How far each span of a pinner is. */
export const pinnerSpans = defineTable({
  name: 'pinner-spans',
  key: u64,
  value: z.strictObject({
    copyId: u64Value,
    coreKey: hex32,
    start: natural,
    end: natural,
    byteLength: natural,
    stage: z.enum(['plain', 'agreed', 'served']),
    damaged: z.boolean(),
    seal: z.strictObject({ cells: natural, ...signedRoot }).nullable(),
    checkpoint: z.strictObject({ leaves: natural, ...signedRoot }).nullable(),
    facts: z
      .strictObject({
        fork: u64Value,
        treeHash: bytes(32),
        byteStart: natural,
        e: natural,
        modulus: bytes(256),
        beacon: bytes(32),
        cells: natural,
        root: bytes(32)
      })
      .nullable()
  })
})

/** When a pinner proves each copy in a period. */
export const pinnerPlans = defineTable({
  name: 'pinner-plans',
  key: pair(u64, u32),
  value: z.strictObject({ at: natural, done: z.boolean() })
})

const leaf = z.strictObject({ data: bytes(), path: z.array(bytes(32)).max(64) })
const peaks = z.array(bytes(32)).max(64)

const report = z.strictObject({
  outcome: z.enum(OUTCOMES),
  ttfbMs: natural,
  kibPerS: natural,
  blocks: natural,
  bytes: natural,
  digest: bytes(32),
  evidence: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('None') }),
    z.strictObject({ kind: z.literal('Served'), receipt: bytes(64), peaks, leaf }),
    z.strictObject({ kind: z.literal('WrongReplica'), span: natural, index: u64Value, peaks, leaf })
  ])
})

/** A verifier's secrets and findings, for each copy and period. */
export const verifierChecks = defineTable({
  name: 'verifier-checks',
  key: pair(u64, u32),
  value: z.strictObject({
    period: natural,
    at: natural,
    stage: z.enum(['planned', 'checked', 'reported']),
    secret: bytes(32),
    report: report.nullable()
  })
})
