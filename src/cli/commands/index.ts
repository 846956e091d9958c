import type { Command } from '../command.ts'
import { chain } from './chain.ts'
import { doctor } from './doctor.ts'
import { keysImport, keysNew, keysShow } from './keys.ts'
import { vectorsVerify } from './vectors.ts'

/** Every command, in the order of the help. */
export const COMMANDS: readonly Command[] = [keysNew, keysShow, keysImport, chain, vectorsVerify, doctor]
