import { reportLine } from '../report-line.ts'
import type { BudgetCell, BudgetTally } from './budget/budget-cell.ts'
import { describeTally, TALLY_HEADER, tallyEpisodes } from './budget/episode-tally.ts'
import { runSomeCells } from './cells/run-cells.ts'
import type { Check, CheckSettings } from './check.ts'
import { markdownTable } from './markdown-table.ts'

type World = Pick<BudgetCell, 'features' | 'rho' | 'm' | 'gates'>

interface Size {
  readonly worlds: readonly World[]
  readonly models: number
  readonly panes: number
}

const ROWS_PER_PANE = 500
/** Windows of 1, 2, 4 … 128 panes. */
const LEVELS = 8
const EPISODES_MAX = 1.1
/** Features of the smallest models. */
const FEWEST = 5
/** However small the scale: of no kind fewer are run, and before all others. */
const MODELS_MIN = 6

const QUICK: Size = { worlds: [{ features: 5, rho: 0.5, m: 10_000, gates: false }], models: 4, panes: 240 }
const FULL: Size = {
  worlds: [
    ...[5, 20, 100].flatMap((features) =>
      [0, 0.5, 0.9].flatMap((rho) => [10_000, 100_000].map((m) => ({ features, rho, m, gates: false }))),
    ),
    // What is run in production: an alarm needs an effect that matters, too.
    { features: 20, rho: 0.5, m: 10_000, gates: true },
  ],
  models: 400,
  panes: 2160,
}

/**
 * False episodes of whole models in worlds that never change, through the detector's own step: counting,
 * windows, budget, verdicts, diagnosis, episodes. A budget of one false alarm in as many panes as are played;
 * features of five kinds, scores and labels, all correlated. Without the gates of effect size, so that the
 * levels alone stand between chance and an alarm.
 */
export const budgetCheck: Check = {
  id: 'budget',
  claim: 'a model raises no more false alarms than its budget',
  async run(settings) {
    const { worlds, models, panes } = settings.quick ? QUICK : FULL
    const modelsOf = ({ features }: World): number => {
      if (settings.quick || settings.scale === 1) return models
      // Time goes with the features: each number of them gets as much.
      return Math.max(MODELS_MIN, Math.ceil((models * settings.scale * FEWEST) / features))
    }
    const parts = partsOf(worlds, modelsOf, panes, settings)
    const outcomes = await runSomeCells<BudgetTally>('budget', parts, settings)
    const done = outcomes.flatMap((outcome, at) =>
      outcome === null ? [] : [{ ...outcome, cell: parts[at]! }],
    )
    if (done.length < parts.length)
      settings.say(`budget: ${parts.length - done.length} models were not begun in time`)
    const rows = worlds.flatMap((world) => {
      const own = done.filter(({ cell }) => nameOf(cell) === nameOf(world))
      if (own.length === 0) return []
      const cpuSeconds = Math.round(own.reduce((sum, outcome) => sum + outcome.cpuSeconds, 0))
      return [{ world, tally: tallyEpisodes(own.flatMap(({ outcome }) => outcome)), cpuSeconds }]
    })
    const ungated = done.filter(({ cell }) => !cell.gates)
    const pooled = poolsOf(ungated)
    const { tally: all } = pooled.at(-1)!
    const isReduced = settings.quick || settings.scale < 1 || done.length < parts.length
    const held = isReduced ? 'lower' : 'mean'
    const measure = isReduced
      ? 'false episodes a model, lower end of the 95 % interval'
      : 'false episodes a model'
    return {
      lines: [
        reportLine({ id: 'budget-all', measure, value: all[held], unit: 'of 1', goal: `<= ${EPISODES_MAX}` }),
        ...rows.map(({ world, tally }) =>
          reportLine({
            id: `budget-${nameOf(world).replaceAll(' ', '-')}`,
            measure: `${nameOf(world)}: ${measure}`,
            value: tally[held],
            unit: 'of 1',
            goal: `<= ${EPISODES_MAX}`,
          }),
        ),
      ],
      details: {
        panes,
        rowsPerPane: ROWS_PER_PANE,
        levels: LEVELS,
        all,
        pooled,
        rows,
        models: done.map(({ cell, outcome, cpuSeconds }) => ({
          id: cell.id,
          episodes: outcome.flat(),
          cpuSeconds,
        })),
      },
      table:
        `False episodes of models that are watched for ${panes} hourly panes of ${ROWS_PER_PANE} rows, with a budget of one in\n` +
        'that time; asked for: at most 1.1. Windows of 1, 2, 4 … 128 panes; features, scores and labels. Gates off:\n' +
        `any effect is enough.${isReduced ? ` Fewer than the ${FULL.models} models a row of the full size: held against the lower end of the interval.` : ''}\n` +
        `All without gates: ${all.mean.toFixed(2)} (${all.lower.toFixed(2)} to ${all.upper.toFixed(2)}) a model of ${all.models}.\n\n` +
        markdownTable(
          ['features', 'rho', 'm', 'gates', 'models', ...TALLY_HEADER, 's of CPU'],
          [
            ...rows.map(({ world, tally, cpuSeconds }) => [
              `${world.features}`,
              `${world.rho}`,
              `${world.m}`,
              world.gates ? 'on' : 'off',
              `${tally.models}`,
              ...describeTally(tally),
              `${cpuSeconds}`,
            ]),
            ...pooled.map(({ features, tally, cpuSeconds }) => [
              `${features}`,
              'all',
              'all',
              'off',
              `${tally.models}`,
              ...describeTally(tally),
              `${cpuSeconds}`,
            ]),
          ],
        ),
    }
  },
}

function nameOf({ features, rho, m, gates }: World): string {
  return `${features} features rho ${rho} m ${m}${gates ? ' gates' : ''}`
}

interface Done {
  readonly cell: BudgetCell
  readonly outcome: BudgetTally
  readonly cpuSeconds: number
}

/** All models of each number of features, and all models. */
function poolsOf(done: readonly Done[]) {
  const sizes = [...new Set(done.map(({ cell }) => cell.features))]
  return [...sizes, 'all' as const].map((features) => {
    const own = done.filter(({ cell }) => features === 'all' || cell.features === features)
    return {
      features,
      tally: tallyEpisodes(own.flatMap(({ outcome }) => outcome)),
      cpuSeconds: Math.round(own.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0)),
    }
  })
}

/**
 * One part a model: first some rounds of every kind, so that none is without where time ends early; then the
 * cheap ones before the large.
 */
function partsOf(
  worlds: readonly World[],
  modelsOf: (world: World) => number,
  panes: number,
  { seed }: CheckSettings,
): BudgetCell[] {
  const most = Math.max(...worlds.map(modelsOf))
  return Array.from({ length: most }, (_, model) =>
    worlds
      .filter((world) => model < modelsOf(world))
      .map((world): BudgetCell => {
        const id = `${nameOf(world)} ${model}`
        return {
          id,
          ...world,
          models: 1,
          panes,
          rowsPerPane: ROWS_PER_PANE,
          levels: LEVELS,
          seed: `budget ${seed} ${id}`,
        }
      }),
  )
    .flatMap((round, model) => round.map((cell) => ({ cell, isEarly: model < MODELS_MIN })))
    .sort((a, b) => {
      if (a.isEarly !== b.isEarly) return a.isEarly ? -1 : 1
      return a.isEarly ? 0 : a.cell.features - b.cell.features
    })
    .map(({ cell }) => cell)
}
