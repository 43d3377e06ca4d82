import { z } from 'zod'
import { childAt, isSection } from './tree.ts'

/**
 * What may stand below a node: the keys of a section, or whatever names the user chose. Read from the
 * schema itself, so that "did you mean" and environment variables know a new key the day it is added.
 */
export type Below =
  | { readonly kind: 'keys'; readonly schemas: ReadonlyMap<string, z.core.$ZodType> }
  | { readonly kind: 'names'; readonly schema: z.core.$ZodType }
  | { readonly kind: 'items'; readonly schema: z.core.$ZodType }
  | { readonly kind: 'scalar' }

/** `node` is the value that stands there: of several shapes, its `kind` tells which is meant. */
export function below(schema: z.core.$ZodType, node: unknown): Below {
  const bare = unwrap(schema)
  if (bare instanceof z.ZodMap) return { kind: 'names', schema: bare.valueType }
  if (bare instanceof z.ZodArray) return { kind: 'items', schema: bare.element }
  if (bare instanceof z.ZodObject) return { kind: 'keys', schemas: shapeOf(bare) }
  if (bare instanceof z.ZodDiscriminatedUnion) {
    const shapes = bare.options.map((option) => shapeOf(unwrap(option) as z.ZodObject))
    const discriminator = childAt(node, bare.def.discriminator)
    const meant = shapes.filter((shape) => {
      const kind = shape.get(bare.def.discriminator)
      return kind !== undefined && z.safeParse(kind, discriminator).success
    })
    const schemas = new Map((meant.length > 0 ? meant : shapes).flatMap((shape) => [...shape]))
    return { kind: 'keys', schemas }
  }
  return { kind: 'scalar' }
}

/** The schema one step down, or null where the step leads nowhere. */
export function stepDown(schema: z.core.$ZodType, node: unknown, step: PropertyKey): z.core.$ZodType | null {
  const under = below(schema, node)
  if (under.kind === 'keys') return under.schemas.get(String(step)) ?? null
  return under.kind === 'scalar' ? null : under.schema
}

/** The names that may stand at the next step: a section's keys, or the names the user has given. */
export function namesBelow(schema: z.core.$ZodType, node: unknown): readonly string[] {
  const under = below(schema, node)
  if (under.kind === 'keys') return [...under.schemas.keys()]
  return under.kind === 'names' && isSection(node) ? Object.keys(node) : []
}

function shapeOf(object: z.ZodObject): Map<string, z.core.$ZodType> {
  return new Map(Object.entries(object.shape))
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return unwrap(schema.def.innerType)
  if (schema instanceof z.ZodLazy) return unwrap(schema.def.getter())
  // A preprocessed schema holds its shape at the far end, a transformed one at the near end.
  if (schema instanceof z.ZodPipe) {
    return unwrap(schema.def.in instanceof z.ZodTransform ? schema.def.out : schema.def.in)
  }
  return schema
}
