import type { ChainConstants, Params } from '../../src/domain/view.ts'

const DAT = 10n ** 12n

/** The development column of protocol.md 9.9. */
export const constants: ChainConstants = {
  genesis: new Uint8Array(32).fill(0x45),
  specVersion: 1,
  blockTimeMs: 600,
  seedWindow: 5,
  minVrf: 0,
  period: 20,
  grace: 2,
  existentialDeposit: DAT / 100n
}

/** The development column of protocol.md 9.9. */
export const params: Params = {
  samples: 20,
  verifiers: 3,
  parts: 8,
  maxFaults: 2,
  maxMisses: 7,
  unfundedGrace: 2,
  minPeriods: 4,
  spanTarget: 1.5 * 2 ** 20,
  maxCopies: 16,
  commitDeadline: 60,
  sealBase: 100,
  minRate: 65_536,
  x: DAT,
  y: DAT / 10n,
  z: DAT / 20n,
  pinnerUnit: 2n ** 30n,
  depositPinnerUnit: 10n * DAT,
  depositOther: 10n * DAT,
  float: DAT,
  coreDeposit: DAT,
  minDonation: DAT,
  setupFee: DAT / 10n,
  floorPpm: 250_000,
  declinesPerPeriod: 8,
  throughputTarget: 2 ** 20
}
