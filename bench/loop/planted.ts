import type { TrainingRow } from '../../src/events/training-row.ts'
import { createRandom, type Random } from '../../src/statistics/random.ts'
import type { Spoil } from './in-process-trainer.ts'
import type { LabelledRow } from './world.ts'

/** What becomes of the rows that a bad candidate learns from. */
interface Plant {
  readonly kind: string
  spoil(rows: readonly TrainingRow[], random: Random): readonly TrainingRow[]
}

const TEN = 10

/**
 * Every other training is honest, so that candidates have a good champion to beat; the others are spoilt in
 * turn: labels turned round, ten rows, the rows that the first version learned from, the key feature dealt out
 * anew among the rows. The same seed spoils the same.
 */
export function plantedSpoils(past: readonly LabelledRow[], keyFeature: string, seed: number): Spoil {
  const random = createRandom(`loop planted ${seed}`)
  const plants: readonly Plant[] = [
    {
      kind: 'flipped labels',
      spoil: (rows) => rows.map((row) => ({ ...row, label: 1 - Number(row.label) })),
    },
    { kind: 'ten rows', spoil: (rows) => rows.slice(-TEN) },
    { kind: 'stale data', spoil: () => past },
    { kind: 'broken feature', spoil: (rows, chance) => dealtAnew(rows, keyFeature, chance) },
  ]
  let asked = 0
  return (rows) => {
    const turn = asked++
    if (turn % 2 === 0) return { kind: 'honest', rows }
    const { kind, spoil } = plants[((turn - 1) / 2) % plants.length]!
    return { kind, rows: spoil(rows, random) }
  }
}

export const PLANTED_KINDS: readonly string[] = ['flipped labels', 'ten rows', 'stale data', 'broken feature']

/** The values of one feature, each at a row of chance. */
function dealtAnew(rows: readonly TrainingRow[], feature: string, random: Random): TrainingRow[] {
  return rows.map(({ features, ...row }) => {
    const other = rows[Math.floor(random() * rows.length)]!
    return { ...row, features: { ...features, [feature]: other.features[feature] ?? null } }
  })
}
