import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import type { Command } from 'commander'
import type { AppOptions, ConfiguredModel } from '../config/options.ts'
import { unwatched } from '../files/byte-stream.ts'
import { Metrics } from '../metrics/metrics.ts'
import { wholeForms } from '../replay/event-forms.ts'
import { openLogged, openLoggedWhole } from '../replay/log-source.ts'
import { readOffsetSpans } from '../replay/offset-spans.ts'
import { type HistoryFiles, openFiles, openHistory } from '../replay/open-files.ts'
import { predictBy } from '../replay/predict-by.ts'
import { replayHistory } from '../replay/replay-history.ts'
import type { History, ReplayOptions, ReplayProgress } from '../replay/replay-options.ts'
import { replayRetraining } from '../replay/replay-retraining.ts'
import { replayReport } from '../replay/report/report.ts'
import type { ReplayResult } from '../replay/result.ts'
import type { WholeHistory } from '../replay/retrained-course.ts'
import { createTrainer } from '../retraining/trainers/create-trainer.ts'
import { expectPredictors } from '../retraining/trainers/predictor.ts'
import { type HowFar, ReadingProgress } from './reference-progress.ts'
import { readPublishedReferences } from './reference-source.ts'
import {
  approvalOf,
  CONFIGURED,
  durationOf,
  firstArtifactsOf,
  invalid,
  longestDelay,
  NEVER,
  optionsOf,
  type ReplayFlags,
} from './replay-flags.ts'
import { describeReplay } from './replay-text.ts'
import { CONFIG_PATH, createLogger, openLog, openSchemas, readOptions } from './setting.ts'

/** What retrain policies would have done in the past. Needs no broker. */
export function addReplayCommand(program: Command): void {
  const many = (value: string, before: readonly string[]) => [...before, value]
  program
    .command('replay')
    .description(
      'Replay history through the very steps that watch a stream: what would have fired, when, why and how late, under one policy or several side by side.',
    )
    .option('-f, --features <file>', 'predictions with their features: .csv, .jsonl or .parquet')
    .option(
      '-l, --labels <file>',
      'labels; default: those in the rows of the predictions, where there are any',
    )
    .option(
      '--kafka',
      'the features and labels topics in place of files, with the references that are published',
    )
    .option('-c, --config <file>', 'configuration', CONFIG_PATH)
    .option(
      '-p, --policy <name=file>',
      `a policy to try, once for each: the triggers of a model in a file of its own; "${CONFIGURED}" and "${NEVER}" need no file (default: "${CONFIGURED}")`,
      many,
      [],
    )
    .option('--reference <file>', 'a file of `reference build --output`, once for each version', many, [])
    .option('--from <time>', 'pass over what is earlier')
    .option('--to <time>', 'and what is not')
    .option(
      '--offsets <topic:partition=from..to|file>',
      'with --kafka: these records alone; with commas between several, or the JSON of a retrain request',
      many,
      [],
    )
    .option('--changes <file|times>', 'what is known to have changed, to tell late alarms from false ones')
    .option('--retrain', 'really train, judge and promote: a course of its own for each policy')
    .option(
      '--training-time <duration>',
      'how long after it was made a request has ended, or was trained',
      '1h',
    )
    .option(
      '--artifact <model=path>',
      'with --retrain: what the first version predicts with (default: the recorded predictions stand)',
      many,
      [],
    )
    .option(
      '--artifacts <directory>',
      'with --retrain: keep what trainers deliver (default: a temporary one)',
    )
    .option('--approval <answer>', 'with --retrain: what a person says who is asked: yes, no or none', 'yes')
    .option('--unanswered', 'requests have no end: as where nobody trains')
    .option('--label-delay <duration>', 'of labels beside their predictions (default: windows.labelDelay)')
    .option('--report <file>', 'write a page of HTML with plots, which needs nothing else')
    .option('--json', 'everything, as JSON')
    .option('-q, --quiet', 'no progress')
    .action(replay)
}

async function replay(flags: ReplayFlags): Promise<void> {
  const app = readOptions(flags.config)
  if (flags.kafka === true) return replayTopics(app, flags)
  if (flags.features === undefined) throw invalid('expected --features, a file, or --kafka; got neither')
  if (flags.offsets.length > 0) throw invalid('--offsets: expected --kafka with it, files have none')
  const only = app.models.size === 1 ? [...app.models.values()][0]! : null
  const progress = unwatched()
  const files: HistoryFiles = {
    features: flags.features,
    labels: flags.labels ?? null,
    mapping: app.mapping,
    topics: app.topics.names,
    model: only?.name ?? null,
    version: only?.version ?? null,
    labelDelayMs:
      flags.labelDelay === undefined ? longestDelay(app) : durationOf('--label-delay', flags.labelDelay),
    progress,
  }
  const options = await optionsOf(app, flags)
  const history = { counted: () => openHistory(files), whole: () => openFiles(files, wholeForms) }
  await tell(await played(history, progress, options, app, flags), flags)
}

async function replayTopics(app: AppOptions, flags: ReplayFlags): Promise<void> {
  if (flags.features !== undefined || flags.labels !== undefined) {
    throw invalid('--kafka: expected neither --features nor --labels beside it')
  }
  const spans = await readOffsetSpans(flags.offsets)
  const given = await optionsOf(app, flags)
  const logger = createLogger(app.log)
  const schemas = openSchemas(app, logger, new Metrics())
  const log = await openLog(app, logger)
  try {
    const { references } = await readPublishedReferences(log, app)
    const options = { ...given, references: [...references, ...given.references] }
    const progress = { recordsRead: 0, recordsTotal: 0 }
    const { mapping, topics } = app
    const { range } = options
    const logged = { mapping, topics: topics.names, range, spans, progress, ...(schemas && { schemas }) }
    const history = { counted: () => openLogged(log, logged), whole: () => openLoggedWhole(log, logged) }
    await tell(await played(history, progress, options, app, flags), flags)
  } finally {
    await log.close()
    schemas?.close()
  }
}

/** A history that is not open yet: as counting sees it, or with whole events. */
interface ClosedHistory {
  counted(): Promise<History>
  whole(): Promise<WholeHistory>
}

async function played(
  history: ClosedHistory,
  progress: HowFar,
  options: ReplayOptions<ConfiguredModel>,
  app: AppOptions,
  flags: ReplayFlags,
): Promise<ReplayResult> {
  const bar = new ReadingProgress(process.stderr, () => performance.now(), flags.quiet === true)
  const passes = flags.retrain === true ? options.policies.length : 1
  const name = (pass: number) => (passes === 1 ? 'replay' : `replay ${pass + 1}/${passes}`)
  bar.begin(name(0))
  let current = 0
  const onProgress = ({ pass, events }: ReplayProgress) => {
    if (pass !== current) bar.begin(name(pass))
    current = pass
    bar.tell(events, progress)
  }
  const watched = { ...options, onProgress }
  try {
    return flags.retrain === true
      ? await retrained(history, watched, app, flags)
      : await replayHistory(await history.counted(), watched)
  } finally {
    bar.end()
  }
}

/** @throws CONFIG_INVALID, PREDICTOR_UNAVAILABLE where a model lacks what it takes to retrain it */
async function retrained(
  history: ClosedHistory,
  options: ReplayOptions<ConfiguredModel>,
  app: AppOptions,
  flags: ReplayFlags,
): Promise<ReplayResult> {
  const lacking = [...app.models.values()].flatMap(({ name, trainer, predictor }) => [
    ...(trainer === null ? [`models.${name}.retraining.trainer`] : []),
    ...(predictor == null ? [`models.${name}.retraining.predictor`] : []),
  ])
  if (lacking.length > 0) {
    throw invalid(
      `--retrain: expected a trainer, and a predictor for what a promoted version would have said; missing: ${lacking.join(', ')}`,
    )
  }
  await expectPredictors(app.models.values())
  const given = await history.whole()
  if (flags.artifacts !== undefined) await expectEmpty(flags.artifacts)
  const directory = flags.artifacts ?? (await mkdtemp(join(tmpdir(), 'driftstream-replay-')))
  const predictors = new Map([...app.models].map(([name, { predictor }]) => [name, predictor!]))
  try {
    return await replayRetraining(given, {
      ...options,
      trainingTimeMs: durationOf('--training-time', flags.trainingTime),
      artifacts: directory,
      approval: approvalOf(flags.approval),
      trainerOf: ({ trainer }) => createTrainer(trainer!),
      predict: predictBy(predictors, directory),
      firstArtifacts: firstArtifactsOf(app, flags.artifact),
    })
  } finally {
    if (flags.artifacts === undefined) await rm(directory, { recursive: true, force: true })
  }
}

/** What an earlier replay left there would be taken for the trainings of this one. */
async function expectEmpty(directory: string): Promise<void> {
  const found = await readdir(directory).catch(() => [])
  if (found.length === 0) return
  throw invalid(
    `--artifacts: expected an empty directory, or none yet, got ${directory} with ${found.length} entries`,
  )
}

async function tell(result: ReplayResult, flags: ReplayFlags): Promise<void> {
  if (flags.report !== undefined) await writeFile(flags.report, replayReport(result))
  process.stdout.write(flags.json === true ? `${JSON.stringify(result, null, 2)}\n` : describeReplay(result))
}
