import {
  checkBootstrap,
  checkChain,
  checkDisk,
  checkKey,
  checkPorts,
  checkStorage,
  checkVersions,
  type Finding
} from '../checks.ts'
import { defineCommand, EXIT } from '../command.ts'

const MARKS = { ok: 'ok      ', warning: 'warning ', failed: 'FAILED  ' }

function line({ check, state, text, help }: Finding): string {
  const what = `${MARKS[state]}${check.padEnd(10)}${text}`
  return help === '' ? what : `${what}\n${' '.repeat(18)}${help}`
}

/** Looks at everything that a node needs. */
export const doctor = defineCommand({
  name: 'doctor',
  role: 'supporter',
  summary: 'Check what a node needs here, and say what to do',
  description:
    'Checks versions, storage, disk, key, ports, DHT nodes, chain, its blocks and the clock. Give it the flags of the\n' +
    'node that you want to run. Exits with 1 when something must be mended.',
  examples: [
    ['datdot doctor --storage ./pinner --chain ws://127.0.0.1:9944', 'before a pinner is started'],
    ['datdot doctor --json', 'for programs: one line a check, then the result']
  ],
  async run(context, config) {
    const { output, version } = context
    const findings: Finding[] = []
    const tell = (...found: Finding[]) => {
      findings.push(...found)
      for (const one of found) {
        if (output.json) output.line({ type: 'check', ...one })
        else output.note(line(one))
      }
    }
    tell(checkVersions(version))
    tell(await checkStorage(config.storage))
    tell(await checkDisk(config.storage))
    const key = await checkKey(config)
    tell(key.finding)
    tell(await checkPorts(config.host))
    const [bootstrap, chain] = await Promise.all([
      checkBootstrap(config),
      checkChain(context, config, key.account)
    ])
    tell(bootstrap, ...chain)
    const count = (state: Finding['state']) => findings.filter(one => one.state === state).length
    const [failures, warnings] = [count('failed'), count('warning')]
    const summary =
      failures + warnings === 0 ? 'All is well.' : `${failures} to mend, ${warnings} to look at.`
    output.result({ ok: failures === 0, failures, warnings, findings }, summary)
    return failures > 0 ? EXIT.failed : EXIT.done
  }
})
