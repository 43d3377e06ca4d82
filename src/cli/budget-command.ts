import type { Command } from 'commander'
import type { AppOptions, ConfiguredModel } from '../config/options.ts'
import { explainTests } from '../detectors/budget-explanation.ts'
import type { FeatureEffect } from '../detectors/effect.ts'
import { errorDelays, shiftDelays } from '../detectors/expected-delay.ts'
import { guaranteeOf } from '../detectors/guarantee.ts'
import type { Reference } from '../sketches/types.ts'
import { budgetOf } from '../steps/judged-model.ts'
import { type BudgetExplanation, describeBudget } from './budget-text.ts'
import { modelNamed } from './model-named.ts'
import { findReference, readPublishedReferences, readReferenceFile } from './reference-source.ts'
import { CONFIG_PATH, createLogger, openLog, readOptions } from './setting.ts'

interface ExplainFlags {
  readonly config: string
  readonly json?: boolean
  readonly reference?: string
  readonly published?: boolean
  readonly rate?: number
}

const HOUR_MS = 3_600_000

/** What the configured budget of false alarms means for every test of a model. Needs no broker. */
export function addBudgetCommand(program: Command): void {
  const explain = program
    .command('budget')
    .description('The budget of false alarms.')
    .command('explain <model>')
    .description(
      'What each test of a model may spend, the sample it needs, the smallest change it sees, and the promise.',
    )
    .option('-c, --config <file>', 'configuration', CONFIG_PATH)
    .option('--reference <file>', 'judge against this reference, a file of `reference build --output`')
    .option('--published', 'judge against the newest reference on the references topic')
    .option(
      '--rate <events>',
      'predictions an hour, for samples and delays (default: as in the windows of the reference)',
      positiveNumber,
    )
    .option('--json', 'as JSON')
  explain.action(async (name: string, flags: ExplainFlags) => {
    const options = readOptions(flags.config)
    const reference = await readReference(options, name, flags)
    const explanation = explainBudget(options, modelNamed(options, name), reference, flags.rate ?? null)
    process.stdout.write(
      flags.json === true ? `${JSON.stringify(explanation, null, 2)}\n` : describeBudget(explanation),
    )
  })

  /** @throws commander's usage error */
  function positiveNumber(text: string): number {
    const rate = Number(text)
    if (Number.isFinite(rate) && rate > 0) return rate
    return explain.error(`error: expected --rate to be a number above 0, got "${text}"`)
  }
}

/** The numbers behind the text; `ratePerHour` null: that of the reference's windows, or what follows stays null. */
export function explainBudget(
  options: Pick<AppOptions, 'stream'>,
  model: ConfiguredModel,
  reference: Reference | null,
  ratePerHour: number | null,
): BudgetExplanation {
  const { paneMs } = options.stream
  const { tests, allotment } = budgetOf(model, reference, paneMs, true)
  const valuesPerMs = ratePerHour === null ? ownRate(reference) : ratePerHour / HOUR_MS
  const eventsPerPane = valuesPerMs === null ? null : valuesPerMs * paneMs
  const windows = (detector: string): number[] =>
    [...new Set(tests.filter((test) => test.detector === detector).map(({ windowMs }) => windowMs))].sort(
      (a, b) => a - b,
    )
  const outcomes = reference?.performance ?? null
  const errorRate = outcomes === null || outcomes.n === 0 ? null : 1 - outcomes.correct / outcomes.n
  return {
    model: model.name,
    reference: reference?.id ?? null,
    allotment,
    tests: explainTests({
      allotment,
      tests,
      detection: model.detection,
      effects: effectsOf(model),
      paneMs,
      reference,
      eventsPerPane,
    }),
    delays: {
      shift: shiftDelays(
        allotment.parts.features.alpha,
        reference?.m ?? Number.POSITIVE_INFINITY,
        [...new Set([...windows('numeric-drift'), ...windows('categorical-drift')])].sort((a, b) => a - b),
        valuesPerMs,
      ),
      error:
        model.task === 'regression'
          ? []
          : errorDelays(
              allotment.parts.outcomes.alpha,
              outcomes?.n ?? Number.POSITIVE_INFINITY,
              errorRate ?? 0.1,
              windows('performance'),
              valuesPerMs,
            ),
      errorRate,
    },
    guarantee: guaranteeOf(allotment, reference?.panes?.starts.length ?? 0),
  }
}

/** Rows a millisecond in the reference's own windows; null where their times are not known. */
function ownRate(reference: Reference | null): number | null {
  const panes = reference?.panes ?? null
  if (panes === null || panes.starts.length === 0) return null
  const rows = panes.rows.reduce((sum, count) => sum + count, 0)
  return rows / (panes.starts.length * panes.windowMs)
}

async function readReference(
  options: AppOptions,
  model: string,
  { reference: path, published }: ExplainFlags,
): Promise<Reference | null> {
  modelNamed(options, model)
  if (path !== undefined) return readReferenceFile(path)
  if (published !== true) return null
  const log = await openLog(options, createLogger(options.log))
  try {
    return findReference((await readPublishedReferences(log, options)).references, model, undefined)
  } finally {
    await log.close()
  }
}

/** What matters of single features. */
function effectsOf({ features }: ConfiguredModel): Map<string, FeatureEffect> {
  return new Map([...features].flatMap(([name, { effect }]) => (effect ? [[name, effect] as const] : [])))
}
