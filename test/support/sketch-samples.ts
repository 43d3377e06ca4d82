import fc from 'fast-check'
import type { FeatureValue } from '../../src/events/feature-event.ts'
import { buildReference } from '../../src/sketches/reference-builder.ts'
import type { Reference } from '../../src/sketches/types.ts'

/** A generator of uniform doubles in [0, 1), the same for the same seed (mulberry32). */
export function seededUniform(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Standard normal values by Box and Muller. */
export function seededNormal(seed: number): () => number {
  const uniform = seededUniform(seed)
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}

/** A reference with numeric `x`, categorical `c`, and features with names that plain objects trip over. */
export function smallReference(): Reference {
  return buildReference({
    model: 'small',
    version: '1',
    createdAt: 0,
    task: 'binary',
    positiveLabel: 'yes',
    features: new Map([
      ['x', 'numeric'],
      ['c', 'categorical'],
      ['__proto__', 'numeric'],
      ['constructor', 'categorical'],
    ]),
    rows: () =>
      Array.from({ length: 500 }, (_, i) => ({
        features: { x: i, c: `c${i % 5}`, ['__proto__']: i % 7, constructor: i % 2 === 0 },
        prediction: i % 3 === 0 ? 'yes' : 'no',
        score: (i % 100) / 100,
        label: i % 4 === 0 ? 'yes' : 'no',
      })),
  })
}

/** Values of any kind a feature may hold. */
export const anyFeatureValue: fc.Arbitrary<FeatureValue> = fc.oneof(
  fc.double(),
  fc.integer({ min: -10, max: 510 }),
  fc.constantFrom('c0', 'c1', 'NaN', 'Infinity', '-Infinity', 'true', 'something new'),
  fc.boolean(),
  fc.constant(null),
)

/** Features of one event: those of `smallReference` and others, each present or not. */
export const anyFeatures: fc.Arbitrary<Record<string, FeatureValue>> = fc
  .array(fc.tuple(fc.constantFrom('x', 'c', '__proto__', 'constructor', 'toString', 'new'), anyFeatureValue))
  .map((entries) => Object.fromEntries(entries))
