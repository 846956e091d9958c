import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const MOST_LINES = 300
interface Source {
  /** From the root, with slashes. */
  path: string
  text: string
  /** The text without comments. */
  code: string
  /** Paths from the root for our own files, names for packages. */
  imports: { name: string; typeOnly: boolean }[]
}

/** Modules directly in `src`, which are no part but what parts share. */
const SHARED = new Set(['config', 'settings', 'log', 'events', 'resource', 'clock'])

/** Which parts a part may import, besides itself. */
const ARROWS: Record<string, readonly string[]> = {
  domain: [],
  codec: ['domain'],
  wire: ['domain', 'events', 'resource', 'clock', 'log'],
  hyper: ['domain', 'events', 'resource', 'clock', 'log'],
  'chain-client': ['domain', 'events', 'resource', 'clock', 'log'],
  store: ['domain', 'events', 'resource', 'clock', 'log'],
  'dev-chain': ['domain', 'store', 'events', 'resource', 'clock', 'log'],
  roles: ['domain', 'codec', 'events', 'resource', 'clock', 'log'],
  node: ['roles', 'codec', 'domain', 'wire', 'hyper', 'chain-client', 'dev-chain', 'store', ...SHARED],
  api: ['node', 'domain', ...SHARED],
  cli: ['api', 'node', 'codec', 'domain', 'chain-client', 'dev-chain', 'hyper', 'store', ...SHARED],
  config: ['domain', 'settings', 'log'],
  settings: ['domain'],
  log: ['domain'],
  events: ['domain'],
  resource: ['domain'],
  clock: ['domain']
}

/** Which parts a library may come in by. */
const DOORS: [RegExp, readonly string[]][] = [
  [
    /^(hypercore|corestore|hyperswarm|hyperdht|protomux|compact-encoding|b4a|@hyperswarm\/.*)$/,
    ['hyper', 'wire']
  ],
  [/^(@polkadot\/.*|@acala-network\/.*)$/, ['chain-client', 'dev-chain']],
  [/^ws$/, ['chain-client', 'dev-chain', 'api']],
  [/^yargs(\/.*)?$/, ['cli']],
  [/^classic-level$/, ['store', 'dev-chain']],
  [/^fs-native-extensions$/, ['store']],
  [/^sodium-native$/, ['codec', 'store', 'node']],
  [/^merkle-tree-stream(\/.*)?$/, ['codec']],
  [/^pino(\/.*)?$/, ['log']],
  [/^prom-client$/, ['api']],
  [/^zod$/, ['config', 'settings', 'store', 'node', 'api', 'cli', 'codec', 'dev-chain', 'chain-client']]
]

/** Reach outside a pure part: clock, files, network, randomness. Workers and crypto are how the codec computes. */
const PURE: Record<string, RegExp> = {
  domain: /^node:/,
  codec: /^node:(fs|net|dgram|http|https|tls|child_process)(\/|$)/
}

function walk(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap(entry =>
    entry.isDirectory() ? walk(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`]
  )
}

const STATIC = /^(?:import|export)\s+(type\s+)?[\w*{][^'"]*?\bfrom\s+'([^']+)'/gm
const BARE = /^import\s+()'([^']+)'/gm
const DYNAMIC = /\bimport\(\s*()'([^']+)'\s*\)/g

function read(path: string): Source {
  const text = readFileSync(join(ROOT, path), 'utf8')
  const imports = [STATIC, BARE, DYNAMIC].flatMap(pattern =>
    [...text.matchAll(pattern)].map(([, type, name = '']) => {
      const own = name.startsWith('.')
      const target = own ? relative(ROOT, join(ROOT, dirname(path), name)).replaceAll('\\', '/') : name
      return { name: target, typeOnly: Boolean(type) }
    })
  )
  return { path, text, imports, code: text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '') }
}

function partOf(path: string): string {
  const [top, second = ''] = path.split('/')
  return top === 'src' ? second.replace(/\.ts$/, '') : (top ?? '')
}

const SOURCES = ['src', 'roles']
  .flatMap(walk)
  .filter(path => path.endsWith('.ts'))
  .map(read)
const isOwn = ({ name }: { name: string }) => name.startsWith('src/') || name.startsWith('roles/')
const RUNNING = SOURCES.filter(({ path }) => !path.endsWith('.d.ts'))

/** Every breach as one line each. */
function breaches(find: (source: Source) => string[]): void {
  const found = RUNNING.flatMap(source => find(source).map(what => `${source.path}: ${what}`))
  assert.deepEqual(found, [])
}

test('architecture - the imports of every source are seen', () => {
  assert.ok(RUNNING.length > 50)
  const main = RUNNING.find(({ path }) => path === 'src/cli/main.ts')
  assert.deepEqual(
    main?.imports.map(({ name }) => name),
    ['node:fs', 'src/cli/commands/index.ts', 'src/cli/process.ts']
  )
  for (const { path, imports } of RUNNING) {
    for (const { name } of imports.filter(isOwn))
      assert.ok(/\.(ts|json)$/.test(name), `${path} imports ${name}`)
  }
})

test('architecture - every part of src is known', () => {
  const parts = new Set(RUNNING.map(({ path }) => partOf(path)))
  assert.deepEqual(
    [...parts].filter(part => !(part in ARROWS)),
    []
  )
})

test('architecture - arrows point downwards only; roles know the doors by their types', () => {
  const doors = ['wire', 'hyper', 'chain-client', 'store']
  breaches(({ path, imports }) => {
    const part = partOf(path)
    const allowed = [part, ...(ARROWS[part] ?? [])]
    return imports
      .filter(isOwn)
      .filter(({ name, typeOnly }) => {
        const byType = part === 'roles' && typeOnly && doors.includes(partOf(name))
        return !byType && !allowed.includes(partOf(name))
      })
      .map(({ name }) => name)
  })
})

test('architecture - a role never imports a role', () => {
  const roles = ['author', 'supporter', 'signer', 'pinner', 'verifier', 'consumer']
  const roleOf = (path: string) =>
    roles.find(role => path === `roles/${role}.ts` || path.startsWith(`roles/${role}/`))
  breaches(({ path, imports }) => {
    const role = roleOf(path)
    return role === undefined
      ? []
      : imports.map(({ name }) => name).filter(name => roleOf(name) !== undefined && roleOf(name) !== role)
  })
})

test('architecture - one library, one door; no library that is not declared', () => {
  const declared = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).dependencies
  breaches(({ path, imports }) =>
    imports
      .filter(one => !isOwn(one) && !one.name.startsWith('node:'))
      .filter(({ name, typeOnly }) => {
        const door = DOORS.find(([library]) => library.test(name))
        const library = name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/')
        return !door?.[1].includes(partOf(path)) || !(typeOnly || library in declared)
      })
      .map(({ name }) => name)
  )
})

test('architecture - Node’s own modules have their full names, pure parts reach nowhere', () => {
  breaches(({ path, imports }) => {
    const impure = PURE[partOf(path)]
    return imports.map(({ name }) => name).filter(name => builtinModules.includes(name) || impure?.test(name))
  })
  const reach = /\bMath\.random\b|\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b/g
  breaches(({ path, code }) => (partOf(path) in PURE ? [...code.matchAll(reach)].map(match => match[0]) : []))
})

test('architecture - only the cli prints and ends the process', () => {
  const printing = /\bconsole\.\w+|\bprocess\.(stdout|stderr|exit|exitCode)\b/g
  breaches(({ path, code }) =>
    partOf(path) === 'cli' ? [] : [...code.matchAll(printing)].map(match => match[0])
  )
})

test('architecture - nothing imports in a circle', () => {
  const bySource = new Map(
    RUNNING.map(({ path, imports }) => [path, imports.filter(isOwn).map(({ name }) => name)])
  )
  const state = new Map<string, 'open' | 'done'>()
  const circles: string[] = []
  const visit = (path: string, trail: string[]): void => {
    if (state.get(path) === 'done') return
    if (state.get(path) === 'open') {
      circles.push([...trail.slice(trail.indexOf(path)), path].join(' → '))
      return
    }
    state.set(path, 'open')
    for (const next of bySource.get(path) ?? []) visit(next, [...trail, path])
    state.set(path, 'done')
  }
  for (const path of bySource.keys()) visit(path, [])
  assert.deepEqual(circles, [])
})

test('architecture - files are short, named in kebab-case, and none is called utils', () => {
  const paths = ['src', 'roles', 'test'].flatMap(walk).filter(path => path.endsWith('.ts'))
  const long = paths.filter(
    path => readFileSync(join(ROOT, path), 'utf8').split('\n').length - 1 > MOST_LINES
  )
  assert.deepEqual(long, [])
  const misnamed = paths.filter(path => !/^[a-z0-9]+(-[a-z0-9]+)*(\.test|\.d)?\.ts$/.test(basename(path)))
  assert.deepEqual(misnamed, [])
  assert.deepEqual(
    paths.filter(
      path => /(^|\/)(utils?|helpers?|common|misc)(\/|\.ts$)/.test(path) && !path.startsWith('test/')
    ),
    []
  )
})

test('architecture - no default exports, no enums, no any', () => {
  breaches(({ code }) =>
    [...code.matchAll(/^export default\b|^(?:export )?(?:const )?enum\b|(?::|as|<)\s*any\b/gm)].map(
      match => match[0]
    )
  )
})
