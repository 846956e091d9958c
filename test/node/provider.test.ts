import assert from 'node:assert/strict'
import test from 'node:test'
import type { Chain, Snapshot, Submitter } from '../../src/chain-client/types.ts'
import type { CopyView } from '../../src/domain/view.ts'
import { providerChain } from '../../src/node/provider.ts'
import { copyView, ME, OTHER, spanView } from '../helpers/views.ts'

/** A chain of which only an account's own copies may be read. */
function chainOf(copies: CopyView[]) {
  const snapshot = {
    copiesOfPinner: async (account: string) => copies.filter(copy => copy.pinner === account),
    spansOfSigner: async (account: string) =>
      copies.flatMap(copy => copy.spans.filter(span => span.signer === account)),
    copy: async (id: bigint) => copies.find(copy => copy.id === id) ?? null
  }
  const chain = { snapshot: async () => snapshot as unknown as Snapshot } as unknown as Chain
  return providerChain({ chain, submitter: {} as Submitter })
}

async function ids(copies: AsyncIterable<CopyView>): Promise<bigint[]> {
  const found: bigint[] = []
  for await (const copy of copies) found.push(copy.id)
  return found
}

const spans = (copyId: bigint, ...signers: string[]) =>
  signers.map((signer, number) => spanView({ number, copyId, signer }))

test('provider chain - gives a pinner and a signer their own copies, each once, without reading all', async () => {
  const chain = chainOf([
    copyView({ id: 1n, pinner: ME, spans: spans(1n, OTHER) }),
    copyView({ id: 2n, pinner: OTHER, spans: spans(2n, ME, OTHER, ME) }),
    copyView({ id: 3n, pinner: OTHER, spans: spans(3n, OTHER) })
  ])
  assert.deepEqual(await ids(chain.copiesOfPinner(ME)), [1n])
  assert.deepEqual(await ids(chain.copiesOfSigner(ME)), [2n])
})
