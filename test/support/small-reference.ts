import { buildReference } from '../../src/sketches/reference-builder.ts'
import type { Reference } from '../../src/sketches/types.ts'

type Parts = Parameters<typeof buildReference>[0]

/** A reference of `smallModel`, of rows of its features and outcomes. */
export function smallReferenceOf(
  parts: Pick<Parts, 'createdAt' | 'rows' | 'windowMs' | 'covered'>,
): Reference {
  return buildReference({
    model: 'small',
    version: '1',
    task: 'binary',
    positiveLabel: '1',
    features: new Map([
      ['x', 'numeric'],
      ['c', 'categorical'],
    ]),
    ...parts,
  })
}
