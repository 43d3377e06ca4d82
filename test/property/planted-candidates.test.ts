import { describe, expect, it } from 'vitest'
import {
  type Answer,
  learn,
  MINUTE_MS,
  type Planted,
  type PlantedRow,
  plantedOptions,
  plantedRows,
  REQUESTED_AT,
  refusedBy,
} from '../support/planted-training.ts'
import { logistic } from '../support/small-world.ts'

const SEEDS = 100

/** One planted fault, and the gate that must be shut by it. */
interface Plant {
  readonly fault: string
  readonly gate: string
  readonly planted: (rows: readonly PlantedRow[]) => Partial<Planted>
}

const flipped = (rows: readonly PlantedRow[]) =>
  rows.map((row): PlantedRow => ({ ...row, label: row.label === 1 ? 0 : 1 }))

const withFeature = (
  rows: readonly PlantedRow[],
  broken: (index: number) => boolean,
  value: number | string | null,
) => rows.map((row, index) => (broken(index) ? { ...row, features: { ...row.features, x: value } } : row))

const PLANTS: readonly Plant[] = [
  {
    fault: 'is trained on flipped labels',
    gate: 'log-loss difference',
    planted: () => ({ train: (train) => learn(flipped(train)) }),
  },
  { fault: 'has ten rows to learn from', gate: 'too small', planted: (rows) => ({ rows: rows.slice(-10) }) },
  {
    fault: 'would learn from stale data',
    gate: 'staleness',
    planted: (rows) => ({ rows: rows.map((row) => ({ ...row, at: row.at - 8 * 1440 * MINUTE_MS })) }),
  },
  {
    fault: 'would learn while a feature is missing',
    gate: 'training data',
    planted: (rows) => ({ rows: withFeature(rows, () => true, null) }),
  },
  {
    fault: 'would learn while a number comes as text',
    gate: 'training data',
    planted: (rows) => ({ rows: withFeature(rows, (index) => index % 3 === 0, '1,5') }),
  },
  {
    fault: 'would learn while a feature is stuck',
    gate: 'training data',
    planted: (rows) => ({ rows: withFeature(rows, () => true, 0.25) }),
  },
  {
    fault: 'reads a feature broken, and learns nothing of it',
    gate: 'variation',
    planted: () => ({ train: (train) => learn(withFeature(train, () => true, null) as PlantedRow[]) }),
  },
  {
    fault: 'fails one segment of two',
    gate: 'log-loss difference, segment south',
    planted: () => ({
      championSlope: -2.5,
      train: (train): Answer => {
        const [good, bad] = [learn(train), learn(flipped(train))]
        return (row) => (row.segment === 'south' ? 0.9 * bad(row) + 0.05 : good(row))
      },
    }),
  },
  {
    fault: 'is sure of everything',
    gate: 'calibration',
    planted: () => ({
      championSlope: -2.5,
      train: (train): Answer => {
        const good = learn(train)
        return (row) => logistic(20 * Math.log(good(row) / (1 - good(row))))
      },
      options: {
        ...plantedOptions,
        metric: 'auc',
        improvementMin: -1,
        gates: { ...plantedOptions.gates, calibrationErrorMax: 0.05 },
      },
    }),
  },
  {
    fault: 'would learn from the few whose labels came',
    gate: 'label coverage',
    planted: (rows) => ({ events: 11 * rows.length }),
  },
]

describe('of a hundred worlds each', () => {
  it('a good candidate passes', () => {
    const refused = runs({}).filter((gates) => gates.length > 0)
    // The calibration of each is tested at 97.5 % one-sided, two segments at 97.5 % each.
    expect(refused.length).toBeLessThanOrEqual(8)
  })

  it.each(PLANTS)(
    'a candidate that $fault is refused every time, by the gate "$gate"',
    ({ gate, planted }) => {
      for (let seed = 0; seed < SEEDS; seed++) {
        const rows = plantedRows(`planted ${seed}`)
        expect(refusedBy({ rows, seed: `draws ${seed}`, ...planted(rows) })).toContain(gate)
      }
    },
  )

  it('a broken day costs its rows, not the candidate', () => {
    const rows = withFeature(plantedRows('a broken day'), (index) => index < 300, null) as PlantedRow[]
    expect(refusedBy({ rows, seed: 'draws' })).toEqual([])
    const train = (rows: readonly PlantedRow[]) => {
      expect(rows.every(({ features }) => features.x !== null)).toBe(true)
      expect(rows.every(({ at }) => at < REQUESTED_AT)).toBe(true)
      return learn(rows)
    }
    expect(refusedBy({ rows, seed: 'draws', train })).toEqual([])
  })
})

function runs(over: Partial<Planted>): string[][] {
  return Array.from({ length: SEEDS }, (_, seed) =>
    refusedBy({ rows: plantedRows(`good ${seed}`), seed: `draws ${seed}`, ...over }),
  )
}
