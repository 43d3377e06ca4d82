import {
  type CusumChart,
  createCusumChart,
  createEwmaChart,
  createShewhartChart,
  type EwmaChart,
  type ShewhartChart,
  updateCusum,
  updateEwma,
  updateShewhart,
} from '../sequential/charts.ts'
import { createRateScan, type RateScan, updateRateScan } from '../sequential/rate-scan.ts'
import type { RunLengthBudget } from '../sequential/run-length-budget.ts'
import type { Alarm } from './alarm.ts'

/** Losses of outcomes, each from 0 to 1: of a classification 0 or 1, of a regression clipped errors. */
export interface LossesOfPane {
  readonly sum: number
  readonly n: number
}

/** What a pane is held against: losses of the reference, and how much worth a row has in its windows. */
export interface ReferenceLosses extends LossesOfPane {
  readonly squares: number
  /** By which windows of the reference scatter more than independent rows; 1 at least. */
  readonly designEffect: number
}

export interface PaneChartOptions {
  readonly shewhart: { readonly runLength?: number }
  readonly ewma: { readonly runLength?: number; readonly weight?: number }
  readonly cusum: { readonly runLength?: number; readonly slack?: number }
  readonly 'rate-scan': { readonly levels?: number }
}

export type PaneChartName = keyof PaneChartOptions

/** A chart at work: plain data. */
export type PaneChart =
  | { readonly name: 'shewhart'; readonly chart: ShewhartChart; readonly reference: ReferenceLosses }
  | { readonly name: 'ewma'; readonly chart: EwmaChart; readonly reference: ReferenceLosses }
  | { readonly name: 'cusum'; readonly chart: CusumChart; readonly reference: ReferenceLosses }
  | { readonly name: 'rate-scan'; readonly chart: RateScan }

/** One line each: how often it alarms while nothing changes. */
export const PANE_CHARTS: { readonly [Name in PaneChartName]: { readonly label: string } } = {
  shewhart: {
    label: 'one false alarm in as many panes as the budget asks for if panes are independent and normal',
  },
  ewma: {
    label: 'one false alarm in as many panes as the budget asks for if panes are independent and normal',
  },
  cusum: {
    label: 'one false alarm in as many panes as the budget asks for if panes are independent and normal',
  },
  'rate-scan': {
    label: 'at most as many false alarms as the budget allows if outcomes are independent',
  },
}

/** Windows of 1, 2, 4 … 128 panes. */
const LEVELS = 8

/** A chart of the panes' mean losses; its limits come from the budget where no run length is named. */
export function startPaneChart<Name extends PaneChartName>(
  name: Name,
  options: PaneChartOptions[Name],
  reference: ReferenceLosses,
  budget: RunLengthBudget,
): PaneChart {
  const standard = { mean: 0, sd: 1 }
  const own: PaneChartOptions['ewma'] & PaneChartOptions['cusum'] & PaneChartOptions['rate-scan'] = options
  const runLength = own.runLength ?? Math.max(2, budget.looks / budget.falseAlarms)
  switch (name as PaneChartName) {
    case 'shewhart':
      return { name: 'shewhart', chart: createShewhartChart(standard, runLength), reference }
    case 'ewma':
      return { name: 'ewma', chart: createEwmaChart(standard, runLength, own.weight), reference }
    case 'cusum':
      return { name: 'cusum', chart: createCusumChart(standard, runLength, own.slack), reference }
    case 'rate-scan': {
      const { sum: errors, n } = reference
      return { name: 'rate-scan', chart: createRateScan({ errors, n }, own.levels ?? LEVELS, budget) }
    }
  }
}

/**
 * Takes a pane's losses and says what the chart says. Of the charts a pane counts by its own size: its mean
 * less the reference's, in standard deviations of a mean of so many rows by the scatter of the reference's
 * windows. A pane without outcomes says nothing, and leaves the charts as they were.
 */
export function updatePaneChart(state: PaneChart, { sum, n }: LossesOfPane): Alarm {
  if (n === 0) return QUIET
  if (state.name === 'rate-scan') return updateRateScan(state.chart, sum, n)
  const z = standardised(state.reference, sum, n)
  switch (state.name) {
    case 'shewhart':
      return updateShewhart(state.chart, z)
    case 'ewma':
      return updateEwma(state.chart, z)
    case 'cusum':
      return updateCusum(state.chart, z)
  }
}

const QUIET: Alarm = { warning: false, drift: false }

/** Half a loss is added to a reference that has none, or nothing else: its rows do vary. */
function standardised(reference: ReferenceLosses, sum: number, n: number): number {
  const { n: m, designEffect } = reference
  const mean = (reference.sum + 0.5) / (m + 1)
  const variance = Math.max((reference.squares + 0.5) / (m + 1) - mean * mean, mean * (1 - mean) * 1e-3)
  return (sum - n * (reference.sum / m)) / Math.sqrt(n * variance * designEffect)
}
