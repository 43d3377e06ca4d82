import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import type { Command } from 'commander'
import { parseDuration } from '../config/duration.ts'
import { loadPolicy } from '../config/load-policy.ts'
import type { AppOptions } from '../config/options.ts'
import { DriftstreamError } from '../errors/driftstream-error.ts'
import { unwatched } from '../files/byte-stream.ts'
import { Metrics } from '../metrics/metrics.ts'
import { wholeForms } from '../replay/event-forms.ts'
import { openLogged } from '../replay/log-source.ts'
import { type HistoryFiles, openFiles, openHistory } from '../replay/open-files.ts'
import type { Answer, NamedPolicy } from '../replay/policy-track.ts'
import { predictBy } from '../replay/predict-by.ts'
import { parseTime, readChanges } from '../replay/read-changes.ts'
import { replayHistory } from '../replay/replay-history.ts'
import { ALL_TIME, type ReplayOptions, type ReplayProgress } from '../replay/replay-options.ts'
import { replayRetraining } from '../replay/replay-retraining.ts'
import { APPROVAL_ANSWERS, type ApprovalAnswer } from '../replay/replayed-rollouts.ts'
import { replayReport } from '../replay/report/report.ts'
import type { ReplayResult } from '../replay/result.ts'
import { createTrainer } from '../retraining/trainers/create-trainer.ts'
import { expectPredictors } from '../retraining/trainers/predictor.ts'
import type { TriggerPolicy } from '../triggers/policy.ts'
import { ReadingProgress } from './reference-progress.ts'
import { readPublishedReferences, readReferenceFile } from './reference-source.ts'
import { describeReplay } from './replay-text.ts'
import { CONFIG_PATH, createLogger, openLog, openSchemas, readOptions } from './setting.ts'

interface ReplayFlags {
  readonly config: string
  readonly features?: string
  readonly kafka?: boolean
  readonly labels?: string
  readonly policy: readonly string[]
  readonly reference: readonly string[]
  readonly from?: string
  readonly to?: string
  readonly changes?: string
  readonly trainingTime: string
  readonly labelDelay?: string
  readonly unanswered?: boolean
  readonly retrain?: boolean
  readonly artifact: readonly string[]
  readonly artifacts?: string
  readonly approval: string
  readonly report?: string
  readonly json?: boolean
  readonly quiet?: boolean
}

const CONFIGURED = 'configured'
const NEVER = 'never'

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
  const bar = new ReadingProgress(process.stderr, () => performance.now(), flags.quiet === true)
  bar.begin('replay')
  const options = await optionsOf(app, flags)
  const watched = { ...options, onProgress: ({ events }: ReplayProgress) => bar.tell(events, progress) }
  const result =
    flags.retrain === true
      ? await retrained(files, watched, app, flags)
      : await replayHistory(await openHistory(files), watched)
  bar.end()
  await tell(result, flags)
}

async function replayTopics(app: AppOptions, flags: ReplayFlags): Promise<void> {
  if (flags.retrain === true || flags.features !== undefined) {
    throw invalid('--kafka: expected neither --features nor --retrain beside it')
  }
  const logger = createLogger(app.log)
  const schemas = openSchemas(app, logger, new Metrics())
  const log = await openLog(app, logger)
  try {
    const given = await optionsOf(app, flags)
    const { references } = await readPublishedReferences(log, app)
    const options = { ...given, references: [...references, ...given.references] }
    const logged = {
      mapping: app.mapping,
      topics: app.topics.names,
      range: options.range,
      ...(schemas && { schemas }),
    }
    await tell(await replayHistory(await openLogged(log, logged), options), flags)
  } finally {
    await log.close()
    schemas?.close()
  }
}

/** @throws CONFIG_INVALID, PREDICTOR_UNAVAILABLE where a model lacks what it takes to retrain it */
async function retrained(
  files: HistoryFiles,
  options: ReplayOptions,
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
  const given = await openFiles(files, wholeForms)
  const directory = flags.artifacts ?? (await mkdtemp(join(tmpdir(), 'driftstream-replay-')))
  const predictors = new Map([...app.models].map(([name, { predictor }]) => [name, predictor!]))
  try {
    return await replayRetraining(given, {
      ...options,
      models: app.models,
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

function firstArtifactsOf({ models }: AppOptions, given: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    given.map((text) => {
      const at = text.indexOf('=')
      if (at > 0 && models.has(text.slice(0, at))) return [text.slice(0, at), text.slice(at + 1)]
      throw invalid(
        `--artifact: expected model=path of one of ${[...models.keys()].join(', ')}, got "${text}"`,
      )
    }),
  )
}

async function tell(result: ReplayResult, flags: ReplayFlags): Promise<void> {
  if (flags.report !== undefined) await writeFile(flags.report, replayReport(result))
  process.stdout.write(flags.json === true ? `${JSON.stringify(result, null, 2)}\n` : describeReplay(result))
}

async function optionsOf(app: AppOptions, flags: ReplayFlags): Promise<ReplayOptions> {
  const references = []
  for (const path of flags.reference) references.push(await readReferenceFile(path))
  const answer: Answer =
    flags.unanswered === true
      ? { kind: 'none' }
      : { kind: 'ends', afterMs: durationOf('--training-time', flags.trainingTime) }
  return {
    stream: app.stream,
    models: app.models,
    topics: app.topics.names,
    flushEventsMax: app.flush.eventsMax,
    policies: policiesOf(app, flags),
    references,
    range: {
      fromMs: flags.from === undefined ? ALL_TIME.fromMs : timeOf('--from', flags.from),
      toMs: flags.to === undefined ? ALL_TIME.toMs : timeOf('--to', flags.to),
    },
    changes: flags.changes === undefined ? [] : await readChanges(flags.changes),
    answer,
  }
}

function approvalOf(text: string): ApprovalAnswer {
  const known = APPROVAL_ANSWERS.find((answer) => answer === text)
  if (known !== undefined) return known
  throw invalid(`--approval: expected one of ${APPROVAL_ANSWERS.join(', ')}, got "${text}"`)
}

function policiesOf(app: AppOptions, { config, policy }: ReplayFlags): NamedPolicy[] {
  const given = policy.length === 0 ? [CONFIGURED] : policy
  const source = { path: config, env: process.env, readFile: (path: string) => readFileSync(path, 'utf8') }
  const policies = given.map((text): NamedPolicy => {
    const at = text.indexOf('=')
    if (at > 0) return { name: text.slice(0, at), policies: loadPolicy(source, text.slice(at + 1)) }
    if (text === CONFIGURED) return { name: text, policies: new Map() }
    if (text === NEVER) return { name: text, policies: neverOf(app) }
    throw invalid(`--policy: expected name=file, ${CONFIGURED} or ${NEVER}, got "${text}"`)
  })
  const twice = policies.find(({ name }, index) => policies.findIndex((one) => one.name === name) !== index)
  if (twice === undefined) return policies
  throw invalid(`--policy: expected each name once, got "${twice.name}" twice`)
}

/** What happens when nothing is ever retrained: a trigger without members does not fire. */
function neverOf({ models }: AppOptions): ReadonlyMap<string, TriggerPolicy> {
  return new Map(
    [...models].map(([name, { policy }]) => [
      name,
      { ...policy, trigger: { kind: 'any', name: NEVER, of: [] } },
    ]),
  )
}

function longestDelay({ models }: AppOptions): number {
  return Math.max(...[...models.values()].map(({ windows }) => windows.labelDelayMs))
}

function durationOf(flag: string, text: string): number {
  const ms = parseDuration(text)
  if (ms !== null) return ms
  throw invalid(`${flag}: expected a duration such as 30m or 1d, got "${text}"`)
}

function timeOf(flag: string, text: string): number {
  const at = parseTime(text)
  if (at !== null) return at
  throw invalid(`${flag}: expected a day, ISO 8601 with a zone, or epoch milliseconds, got "${text}"`)
}

function invalid(message: string): DriftstreamError {
  return new DriftstreamError('CONFIG_INVALID', message)
}
