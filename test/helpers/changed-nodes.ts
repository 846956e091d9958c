import type { PinnerModules, PinnerOptions } from '../../roles/pinner.ts'
import type { SignerModules } from '../../roles/signer.ts'
import type { VerifierModules } from '../../roles/verifier.ts'
import type { BaseConfig, BaseModules } from '../../src/node/base.ts'
import { PinnerNode } from '../../src/node/pinner.ts'
import { SignerNode } from '../../src/node/signer.ts'
import { VerifierNode } from '../../src/node/verifier.ts'
import type { ProviderNode } from './network.ts'

/** What a test puts between an honest role and its doors. */
export interface DoorChanges {
  signer?: (modules: SignerModules) => SignerModules
  pinner?: (modules: PinnerModules) => PinnerModules
  verifier?: (modules: VerifierModules) => VerifierModules
}

/** An honest node whose doors are watched or held up; `makeNode` of a network. */
export function withDoors(changes: DoorChanges) {
  return (name: string, config: BaseConfig, modules: BaseModules): ProviderNode => {
    if (name.startsWith('signer')) return new (signerOf(changes))(config, { workers: 1 }, modules)
    if (name.startsWith('pinner')) return new (pinnerOf(changes))(config, { capacity: 2 ** 30 }, modules)
    return new (verifierOf(changes))(config, modules)
  }
}

function signerOf({ signer = same }: DoorChanges) {
  return class extends SignerNode {
    protected override makeRole(options: { spans?: number }, modules: SignerModules) {
      return super.makeRole(options, signer(modules))
    }
  }
}

function pinnerOf({ pinner = same }: DoorChanges) {
  return class extends PinnerNode {
    protected override makeRole(options: PinnerOptions, modules: PinnerModules) {
      return super.makeRole(options, pinner(modules))
    }
  }
}

function verifierOf({ verifier = same }: DoorChanges) {
  return class extends VerifierNode {
    protected override makeRole(modules: VerifierModules) {
      return super.makeRole(verifier(modules))
    }
  }
}

function same<T>(modules: T): T {
  return modules
}
