#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { COMMANDS } from './commands/index.ts'
import { runProcess } from './process.ts'

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string
}
await runProcess(COMMANDS, version)
