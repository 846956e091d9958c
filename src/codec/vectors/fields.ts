import { z } from 'zod'
import { fromHex } from '../../domain/bytes.ts'

/** Bytes as hex digits, of a given number when one is given. */
export function hex(length?: number) {
  return z
    .string()
    .regex(/^([0-9a-f]{2})*$/, 'not lower-case hex')
    .refine(text => length === undefined || text.length === 2 * length, `not ${length} bytes`)
    .transform(fromHex)
}

/** A non-negative integer as a JSON number or a decimal string. */
export const big = z
  .union([z.number().int().nonnegative().safe(), z.string().regex(/^(0|[1-9]\d*)$/)])
  .transform(BigInt)

/** A non-negative integer that a JavaScript number holds exactly. */
export const count = z.number().int().nonnegative().safe()

/** An integer as hex digits without leading zeros demanded. */
export const hexInteger = z
  .string()
  .regex(/^[0-9a-f]+$/)
  .transform(text => BigInt(`0x${text}`))

/** Parses with a strict schema and throws one readable line. */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const lines = result.error.issues
    .slice(0, 3)
    .map(issue => `${issue.path.join('.') || 'case'}: ${issue.message}`)
  throw new Error(lines.join('; '))
}
