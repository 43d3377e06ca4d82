import { DETECTION_DEFAULTS } from '../../../src/detectors/options.ts'
import { createRandom } from '../../../src/statistics/random.ts'
import { CATEGORICAL_MARGINAL, correlatedRows, featureNames, marginalOf } from './correlated-rows.ts'
import { NO_GATES, watchedModel, watchedReference } from './watched-model.ts'
import { type BegunEpisode, watchStream } from './watched-stream.ts'

const HOUR_MS = 3_600_000
const START_MS = Date.UTC(2027, 0, 1)

/** Models of one kind in worlds that never change, each with a reference of its own. */
export interface BudgetCell {
  readonly id: string
  readonly features: number
  readonly rho: number
  readonly m: number
  readonly models: number
  readonly panes: number
  readonly rowsPerPane: number
  /** Window lengths judged: 1, 2, 4 … panes. */
  readonly levels: number
  /** Whether an alarm also needs an effect of the default size; without, any effect is enough. */
  readonly gates: boolean
  readonly seed: string
}

/** Episodes of each model, in their order. */
export type BudgetTally = readonly (readonly BegunEpisode[])[]

/** Plays the models' hourly panes with a budget of one false alarm in as many panes as there are. */
export function runBudgetCell(cell: BudgetCell): BudgetTally {
  return Array.from({ length: cell.models }, (_, number) => episodesOf(cell, `${cell.seed} model ${number}`))
}

function episodesOf(cell: BudgetCell, seed: string): BegunEpisode[] {
  const { features, rho, m, panes, rowsPerPane, levels, gates } = cell
  const names = featureNames(features)
  const types = new Map(
    names.map(
      (name, at) => [name, marginalOf(at) === CATEGORICAL_MARGINAL ? 'categorical' : 'numeric'] as const,
    ),
  )
  const model = watchedModel({
    features: types,
    windows: {
      qualityMs: HOUR_MS,
      dataMs: HOUR_MS,
      performanceMs: HOUR_MS,
      longestMs: HOUR_MS * 2 ** (levels - 1),
      labelDelayMs: 0,
    },
    falseRetrains: 1,
    perMs: panes * HOUR_MS,
    detection: gates ? DETECTION_DEFAULTS : NO_GATES,
  })
  const reference = watchedReference(model, {
    createdAt: START_MS,
    rows: function* () {
      const next = correlatedRows(createRandom(`${seed} reference`), features, rho)
      for (let row = 0; row < m; row++) {
        const { values, ...outcome } = next()
        yield { features: Object.fromEntries(names.map((name, at) => [name, values[at]!])), ...outcome }
      }
    },
  })
  const next = correlatedRows(createRandom(`${seed} stream`), features, rho)
  return watchStream(model, reference, HOUR_MS, panes, START_MS, function* () {
    for (let row = 0; row < rowsPerPane; row++) yield next()
  })
}
