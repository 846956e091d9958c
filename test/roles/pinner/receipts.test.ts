import assert from 'node:assert/strict'
import test from 'node:test'
import { Receipts } from '../../../roles/pinner/receipts.ts'
import { fromHex } from '../../../src/domain/bytes.ts'
import type { Account } from '../../../src/domain/ids.ts'
import { receiptMessage } from '../../../src/domain/messages.ts'
import type { RecordView } from '../../../src/domain/view.ts'
import { params } from '../../helpers/chain-facts.ts'
import { copyView, ME, OTHER } from '../../helpers/views.ts'

const genesis = new Uint8Array(32).fill(7)
const copy = copyView({ state: 'Active', firstPeriod: 3 })

/** Null: the chain does not have the period yet. */
function receipts(drawn: (readonly Account[] | null)[]) {
  const asked: number[] = []
  const chain = {
    constants: { genesis, period: 20, grace: 2 },
    params: async () => params,
    verifierSlots: async () => [],
    accused: async () => [],
    period: async () => null,
    record: async (_: unknown, period: number) => {
      asked.push(period)
      const verifiers = drawn.shift()?.map(account => ({ account }))
      return verifiers === undefined ? null : ({ verifiers } as unknown as RecordView)
    }
  }
  return { receipts: new Receipts({ chain, signNoise: message => message }), asked }
}

test('receipts - sign copy, period and account for who was drawn', async () => {
  const { receipts: given } = receipts([[ME]])
  const receipt = await given.give(copy, 3, ME, 65)
  const message = receiptMessage({ genesis, copyId: 1n, period: 3, account: fromHex(ME) })
  assert.deepEqual(receipt, message)
})

test('receipts - are refused to who was not drawn', async () => {
  const { receipts: given } = receipts([[ME]])
  await assert.rejects(given.give(copy, 3, OTHER, 65), { code: 'WIRE_REFUSED' })
})

test('receipts - are refused outside the period and its grace', async () => {
  const { receipts: given, asked } = receipts([[ME]])
  for (const height of [59, 82])
    await assert.rejects(given.give(copy, 3, ME, height), { code: 'WIRE_REFUSED' })
  assert.deepEqual(asked, [])
  await given.give(copy, 3, ME, 81)
})

test('receipts - the chain is asked once a period, whoever asks for one', async () => {
  const { receipts: given, asked } = receipts([[ME]])
  await assert.rejects(given.give(copy, 3, OTHER, 65))
  await given.give(copy, 3, ME, 65)
  await given.give(copy, 3, ME, 66)
  assert.deepEqual(asked, [3])
})

test('receipts - the chain is asked again when it could not tell', async () => {
  const { receipts: given, asked } = receipts([null, [ME]])
  await assert.rejects(given.give(copy, 3, ME, 65), { code: 'WIRE_REFUSED' })
  await given.give(copy, 3, ME, 66)
  assert.deepEqual(asked, [3, 3])
})
