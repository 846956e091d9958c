import { flag } from '../../settings.ts'
import { defineCommand, EXIT } from '../command.ts'

/** Looks at all that a node needs. */
export const doctor = defineCommand({
  name: 'doctor',
  role: 'supporter',
  summary: 'Check what a node needs here, and say what to do',
  settings: { xx: flag({ describe: 'a' }) },
  examples: [['datdot doctor', 'check']],
  async run() {
    return EXIT.done
  }
})
