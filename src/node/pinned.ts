import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { spanSecrets } from '../../roles/span.ts'
import { connect } from '../chain-client/client.ts'
import { accountKeys, cryptoReady, phraseToMiniSecret } from '../chain-client/keys.ts'
import type { SpanSalt } from '../codec/salt.ts'
import type { SpanState } from '../domain/states.ts'
import type { CopyView, SpanView } from '../domain/view.ts'
import { spanFile } from '../store/copies.ts'
import { StorageFolder } from '../store/folder.ts'
import { readKeyFile, readPassphrase } from '../store/key-file.ts'
import type { BaseConfig } from './base.ts'

/** A span that a pinner holds, with all that an independent program needs to audit its file. */
export interface PinnedSpan {
  copyState: string
  state: SpanState
  /** The salt's inputs under encoding.md's names; null until the signer committed its key. */
  inputs: SpanSalt | null
  salt: Uint8Array | null
  tag: Uint8Array | null
  root: Uint8Array | null
  cells: number
  /** Path of the file of encoded cells. */
  path: string
}

/** Lists what the pinner of this folder holds, from the chain; its node may run meanwhile. */
export async function listPinned(config: BaseConfig, signal: AbortSignal): Promise<PinnedSpan[]> {
  await cryptoReady()
  const folder = StorageFolder.at(config.storage)
  const passphrase = config.passphraseFile === null ? undefined : await readPassphrase(config.passphraseFile)
  const { account } = accountKeys(phraseToMiniSecret(await readKeyFile(folder, passphrase)))
  const chain = await connect({ urls: config.chain, signal })
  try {
    const copies = await (await chain.snapshot()).copiesOfPinner(account)
    const pinned = (copy: CopyView, span: SpanView): PinnedSpan => {
      const secrets = span.modulus === null ? null : spanSecrets(chain.constants.genesis, copy, span)
      return {
        copyState: copy.state,
        state: span.state,
        inputs: secrets?.inputs ?? null,
        salt: secrets?.salt ?? null,
        tag: secrets?.tag ?? null,
        root: span.root,
        cells: span.cells,
        path: join(folder.path, spanFile(span.id))
      }
    }
    const spans = copies.flatMap(copy => copy.spans.map(span => pinned(copy, span)))
    const held = await Promise.all(spans.map(span => exists(span.path)))
    return spans.filter((_, index) => held[index])
  } finally {
    await chain.close()
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false
  )
}
