import { accumulate, checkTry, drawTry, periodSeed, saltBeacon, seedValue } from '../../domain/draws.ts'
import { noiseSeed } from '../../domain/hashing.ts'
import { periodLeaves, replicaLeaf } from '../../domain/leaves.ts'
import { checkpointMessage, noiseMessage, receiptMessage, sealMessage } from '../../domain/messages.ts'
import { copyPrice } from '../../domain/prices.ts'
import { OUTCOMES, sampleDigest } from '../../domain/reports.ts'
import { settlePeriod } from '../../domain/settlement.ts'
import { spanBounds, spanCount } from '../../domain/spans.ts'
import { blake2b256 } from '../hash.ts'
import { parse } from './fields.ts'
import { verifyPot } from './pot.ts'
import * as schema from './protocol-schema.ts'
import { checked, expectSame, type VectorResult } from './result.ts'

type Check = (value: unknown, file: Record<string, unknown>) => void

/** One check a section; a section that is a list is checked case by case. */
const SECTIONS = new Map<string, { each: boolean; check: Check }>(
  Object.entries({
    beacon: { each: false, check: beacon },
    draws: { each: true, check: draw },
    period: { each: false, check: period },
    verifierDraws: { each: true, check: verifierDraw },
    saltBeacon: { each: true, check: salt },
    periodLeaves: { each: true, check: leaves },
    replicaLeaf: { each: false, check: replica },
    sampleDigest: { each: false, check: digest },
    messages: { each: false, check: messages },
    noiseSeed: { each: false, check: noise },
    spans: { each: true, check: spans },
    pot: { each: false, check: value => verifyPot(parse(schema.pot, value)) },
    settlements: { each: true, check: settlement },
    prices: { each: true, check: price }
  })
)

/** Runs a datdot-protocol-vectors-1 file through the domain's rules. */
export async function* verifyProtocol(file: Record<string, unknown>): AsyncGenerator<VectorResult> {
  const { format, ...sections } = file
  for (const [name, value] of Object.entries(sections)) {
    const section = SECTIONS.get(name)
    const cases = section?.each && Array.isArray(value) ? value : null
    if (section === undefined)
      yield await checked(schema.PROTOCOL_FORMAT, name, () => {
        throw new Error('unknown section')
      })
    else if (cases === null || cases.length === 0)
      yield await checked(schema.PROTOCOL_FORMAT, name, () => section.check(value, file))
    else
      for (const [i, one] of cases.entries())
        yield await checked(schema.PROTOCOL_FORMAT, `${name} ${i}`, () => section.check(one, file))
  }
}

function beacon(value: unknown): void {
  const { start, blocks, s, seed } = parse(schema.beacon, value)
  let acc = start
  for (const [i, block] of blocks.entries()) {
    acc = accumulate(blake2b256, acc, block.input)
    expectSame(`acc after block ${i}`, acc, block.acc)
  }
  expectSame('seed', seedValue(blake2b256, acc, s), seed)
}

function draw(value: unknown): void {
  const { C, tries, ...input } = parse(schema.draw, value)
  for (const one of tries)
    expectSame(`try ${one.try}`, drawTry(blake2b256, input, C, one.try), {
      index: one.index,
      accept: one.accept
    })
}

function period(value: unknown): void {
  const given = parse(schema.period, value)
  expectSame('seed', periodSeed(blake2b256, given.value, given.p), given.seed)
}

function verifierDraw(value: unknown, file: Record<string, unknown>): void {
  const { copy, j, try: attempt, C, index } = parse(schema.verifierDraw, value)
  const { seed } = parse(schema.period, file['period'])
  expectSame('index', checkTry(blake2b256, seed, copy, j, attempt, C), index)
}

function salt(value: unknown): void {
  const given = parse(schema.saltBeacon, value)
  expectSame('beacon', saltBeacon(blake2b256, given), given.beacon)
}

function leaves(value: unknown): void {
  const given = parse(schema.periodLeaves, value)
  const drawn = periodLeaves(blake2b256, given.seed, given.copyId, given.cells, given.samples)
  expectSame(
    'leaves',
    drawn.map(({ span, index }) => [span, index]),
    given.leaves
  )
}

function replica(value: unknown): void {
  const { seed, copy, account, T, index } = parse(schema.replicaLeaf, value)
  expectSame('index', replicaLeaf(blake2b256, seed, copy, account, T), index)
}

function digest(value: unknown): void {
  const { copy, digest: given, ...sample } = parse(schema.sampleDigest, value)
  expectSame('digest', sampleDigest(blake2b256, { ...sample, copyId: copy }), given)
}

function messages(value: unknown): void {
  const given = parse(schema.messages, value)
  expectSame('seal', sealMessage(given), given.seal)
  expectSame('checkpoint', checkpointMessage(given), given.checkpoint)
  expectSame('receipt', receiptMessage({ ...given, copyId: given.copy }), given.receipt)
  expectSame('noise', noiseMessage(given), given.noise)
}

function noise(value: unknown): void {
  const given = parse(schema.noiseSeed, value)
  expectSame('seed', noiseSeed(blake2b256, given.miniSecret), given.seed)
}

function spans(value: unknown): void {
  const { byteLength, length, target, n, bounds } = parse(schema.spans, value)
  expectSame('n', spanCount(byteLength, length, target), n)
  expectSame('bounds', spanBounds(byteLength, length, target), bounds)
}

function settlement(value: unknown): void {
  const given = parse(schema.settlement, value)
  const reports = given.reports.map(({ outcome, R }) => {
    const name = OUTCOMES[outcome]
    if (name === undefined) throw new Error(`unknown outcome ${outcome}`)
    return { outcome: name, ppm: R }
  })
  const { y, z, proved, xSpans, passes } = given
  const record = {
    y,
    z,
    proved,
    xSpans,
    passes,
    reports,
    pinnerPpm: given.R,
    verifiers: given.k,
    parts: given.V
  }
  const computed = settlePeriod(record)
  for (const part of ['verdict', 'pinner', 'verifiers', 'signers'] as const)
    expectSame(part, computed[part], given[part])
}

function price(value: unknown): void {
  const { rate, byteLength, price: given } = parse(schema.price, value)
  expectSame('price', copyPrice(rate, byteLength), given)
}
