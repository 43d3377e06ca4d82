import { weekOf } from './calendar.ts'
import { type BinaryScores, emptyScores, mergeScores, recordScore, scoresAuc } from './scores.ts'
import type { VersionRow } from './story.ts'

/** One week of the stream as it was served, by whichever versions. Metrics are NaN where undefined. */
export interface WeekScore {
  readonly week: number
  readonly events: number
  readonly lateShare: number
  readonly logLoss: number
  readonly auc: number
  /** The replaced version on the same events; null in weeks that no second version served. */
  readonly oldModelLogLoss: number | null
  readonly oldModelAuc: number | null
}

interface Cell {
  readonly served: BinaryScores
  readonly old: BinaryScores
  from: number
  to: number
}

/**
 * Keeps score of every version, week by week, and of the version each replaced on the same events. An
 * outcome belongs to the week of its prediction, however late its label came.
 */
export class Scoreboard {
  readonly #cells = new Map<string, Map<number, Cell>>()

  /** `oldScore` is what the replaced version gives for the same flight; null for the first version. */
  add(version: string, predictedAt: number, late: boolean, score: number, oldScore: number | null): void {
    const cell = this.#cell(version, weekOf(predictedAt))
    recordScore(cell.served, score, late)
    if (oldScore !== null) recordScore(cell.old, oldScore, late)
    if (predictedAt < cell.from) cell.from = predictedAt
    if (predictedAt > cell.to) cell.to = predictedAt
  }

  /** In the order of time; a week without an outcome is left out. */
  weeks(): readonly WeekScore[] {
    const byWeek = new Map<number, Cell>()
    for (const cells of this.#cells.values()) {
      for (const [week, cell] of cells) byWeek.set(week, mergeCells(byWeek.get(week) ?? emptyCell(), cell))
    }
    return [...byWeek]
      .sort(([a], [b]) => a - b)
      .map(([week, { served, old }]) => ({
        week,
        events: served.events,
        lateShare: served.late / served.events,
        ...metrics(served, old),
      }))
  }

  /** In the order in which they began to serve. */
  versions(): readonly VersionRow[] {
    return [...this.#cells]
      .map(([version, cells]) => {
        const { served, old, from, to } = [...cells.values()].reduce(mergeCells, emptyCell())
        return { version, from, to, events: served.events, ...metrics(served, old) }
      })
      .sort((a, b) => a.from - b.from)
  }

  #cell(version: string, week: number): Cell {
    let cells = this.#cells.get(version)
    if (cells === undefined) {
      cells = new Map()
      this.#cells.set(version, cells)
    }
    let cell = cells.get(week)
    if (cell === undefined) {
      cell = emptyCell()
      cells.set(week, cell)
    }
    return cell
  }
}

function emptyCell(): Cell {
  return { served: emptyScores(), old: emptyScores(), from: Infinity, to: -Infinity }
}

function mergeCells(a: Cell, b: Cell): Cell {
  return {
    served: mergeScores(a.served, b.served),
    old: mergeScores(a.old, b.old),
    from: Math.min(a.from, b.from),
    to: Math.max(a.to, b.to),
  }
}

function metrics(served: BinaryScores, old: BinaryScores) {
  return {
    logLoss: served.logLossSum / served.events,
    auc: scoresAuc(served),
    oldModelLogLoss: old.events === 0 ? null : old.logLossSum / old.events,
    oldModelAuc: old.events === 0 ? null : scoresAuc(old),
  }
}
