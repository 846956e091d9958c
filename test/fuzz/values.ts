import fc from 'fast-check'

/** Any JSON value, now and then with names that programs trip over. */
export const json: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.dictionary(
    fc.constantFrom('__proto__', 'constructor', 'toString', 'length', 'format', 'cases', ''),
    fc.jsonValue({ maxDepth: 2 }),
    { noNullPrototype: true }
  )
)

/** Values that a number, a text or a list is replaced with by who means harm. */
export const hostile: fc.Arbitrary<unknown> = fc.oneof(
  json,
  fc.constantFrom(
    0,
    -1,
    -0,
    0.5,
    1e308,
    2 ** 31,
    2 ** 32,
    2 ** 32 - 1,
    2 ** 53 - 1,
    2 ** 53,
    null,
    true,
    [],
    {},
    '',
    '0',
    '-1',
    '18446744073709551615',
    '18446744073709551616',
    '340282366920938463463374607431768211456',
    '9'.repeat(400),
    '00',
    'ff'.repeat(32),
    '00'.repeat(256),
    'ff'.repeat(256),
    'zz'
  ),
  fc.nat({ max: 64 }),
  fc.bigInt({ min: 0n, max: 2n ** 130n }).map(String)
)

type Path = readonly (string | number)[]

/** The path of every value inside another. */
export function* places(value: unknown, path: Path = []): Generator<Path> {
  if (path.length > 0) yield path
  if (typeof value === 'object' && value !== null)
    for (const [key, part] of Object.entries(value)) yield* places(part, [...path, key])
}

/** A copy with the value at a path replaced, or dropped. */
export function changedAt<T extends object>(given: T, path: Path, value: unknown, drops = false): T {
  const copy = structuredClone(given)
  let holder = copy as Record<string, unknown>
  for (const key of path.slice(0, -1)) holder = holder[key] as Record<string, unknown>
  const last = String(path.at(-1))
  if (drops) delete holder[last]
  else holder[last] = value
  return copy
}
