import { runBudgetCell } from '../budget/budget-cell.ts'
import { runDependentCell } from '../budget/dependent-cell.ts'
import { runEstimateCell } from '../cbpe/estimate-cell.ts'
import { runOutcomeDelayCell } from '../delay/outcome-cell.ts'
import { runFeatureDelayCell } from '../feature-delay/feature-cell.ts'
import { runOutcomeCell } from '../outcomes/outcome-cell.ts'
import { runWatchCell } from '../outcomes/watch-cell.ts'
import { runPeerCell } from '../peers/peer-cell.ts'
import { runPowerCell } from '../power/power-cell.ts'
import { runNullCell } from '../type1/null-cell.ts'

/** A part of a check that needs no other part: plain data in, plain data out, the same for the same input. */
export type CellRunner = (cell: never) => unknown

/** What worker threads can run, by name. */
export const CELL_RUNNERS: ReadonlyMap<string, CellRunner> = new Map<string, CellRunner>([
  ['type1', runNullCell],
  ['outcomes', runOutcomeCell],
  ['outcome-watch', runWatchCell],
  ['power', runPowerCell],
  ['budget', runBudgetCell],
  ['autocorrelated', runDependentCell],
  ['cbpe', runEstimateCell],
  ['peers', runPeerCell],
  ['delay', runOutcomeDelayCell],
  ['feature-delay', runFeatureDelayCell],
])
