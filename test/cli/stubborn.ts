import { defineCommand } from '../../src/cli/command.ts'
import { runProcess } from '../../src/cli/process.ts'
import { untilAborted } from '../../src/cli/until.ts'
import { DatdotError } from '../../src/domain/errors.ts'

// Commands that do at their end what commands must not, or must: the process around them is the real one.
const spec = { role: 'test', summary: 'test', examples: [] }

/** Keeps the process alive, as an open socket would. */
const busy = () => setInterval(() => undefined, 2 ** 30)

const node = defineCommand({
  ...spec,
  name: 'node',
  async run({ output, signal }) {
    busy()
    output.note('running')
    await untilAborted(signal)
    output.note('closing')
    return undefined
  }
})

const chatter = defineCommand({
  ...spec,
  name: 'chatter',
  async run({ output, signal }) {
    output.note('running')
    const talking = setInterval(() => output.note('more'), 5)
    await untilAborted(signal)
    clearInterval(talking)
    return undefined
  }
})

const hang = defineCommand({
  ...spec,
  name: 'hang',
  async run({ output, signal }) {
    busy()
    output.note('running')
    await untilAborted(signal)
    output.note('closing')
    return new Promise(() => undefined)
  }
})

const job = defineCommand({
  ...spec,
  name: 'job',
  async run({ output, signal }) {
    busy()
    output.note('running')
    await untilAborted(signal)
    throw new AggregateError([new Error('x', { cause: new DatdotError('ABORTED', 'half done') })])
  }
})

const leak = defineCommand({
  ...spec,
  name: 'leak',
  async run({ output }) {
    busy()
    void Promise.reject(new Error('nobody caught this'))
    output.note('running')
    return new Promise(() => undefined)
  }
})

const bug = defineCommand({
  ...spec,
  name: 'bug',
  async run() {
    busy()
    return ({} as { no: { such: undefined } }).no.such
  }
})

await runProcess([node, chatter, hang, job, leak, bug], '0.0.0')
