import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { parseDuration } from '../config/duration.ts'
import type { AppOptions, ConfiguredModel } from '../config/options.ts'
import { SYSTEM_CLOCK } from '../consumers/edge.ts'
import { checkTopics } from '../consumers/topics.ts'
import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { ReferenceEvent } from '../events/reference-event.ts'
import { unwatched } from '../files/byte-stream.ts'
import { type ReferenceColumns, readReferenceRows } from '../files/reference-rows.ts'
import { referenceRecord } from '../producers/control-events.ts'
import { createReferenceCounter } from '../sketches/reference-builder.ts'
import { createReferenceCutter, type ReferenceRow } from '../sketches/reference-cutter.ts'
import { referenceFitness } from '../sketches/reference-fitness.ts'
import { toReferenceEvent } from '../sketches/reference-wire.ts'
import type { Reference } from '../sketches/types.ts'
import { ReadingProgress } from './reference-progress.ts'
import { addReferenceReadCommands } from './reference-read-commands.ts'
import { describeFitness } from './reference-text.ts'
import { CONFIG_PATH, createLogger, openLog, readOptions } from './setting.ts'

interface BuildFlags {
  readonly config: string
  readonly model: string
  readonly referenceVersion?: string
  readonly prediction: string
  readonly score: string
  readonly label: string
  readonly time?: string
  readonly window?: string
  readonly output?: string
  readonly publish?: boolean
  readonly quiet?: boolean
}

export function addReferenceCommand(program: Command): void {
  const reference = program.command('reference').description('What "normal" is, per model version.')
  addReferenceReadCommands(reference)
  reference
    .command('build <file>')
    .description(
      'Build a reference from a .csv, .jsonl or .parquet file whose columns are the features of the model, and write it to a file, to the references topic, or to standard output.',
    )
    .requiredOption('-m, --model <name>', 'a configured model')
    .option('--reference-version <version>', 'the version it describes (default: the one configured)')
    .option(
      '--prediction <column>',
      'column of the prediction, on rows the version was not trained on',
      'prediction',
    )
    .option('--score <column>', 'column of the score', 'score')
    .option('--label <column>', 'column of the label', 'label')
    .option(
      '--time <column>',
      'column of event times: epoch ms or ISO 8601 (default: "at", where there is one)',
    )
    .option('--window <duration>', "base window of rows with times (default: the model's windows.data)")
    .option('-o, --output <file>', 'write the reference as JSON')
    .option('--publish', 'publish it to the references topic')
    .option('-q, --quiet', 'no progress while the file is read')
    .option('-c, --config <file>', 'configuration', CONFIG_PATH)
    .action(build)
}

async function build(path: string, flags: BuildFlags): Promise<void> {
  const options = readOptions(flags.config)
  const model = options.models.get(flags.model)
  if (model === undefined) {
    const known = [...options.models.keys()].join(', ')
    throw new DriftstreamError('CONFIG_INVALID', `--model: expected one of ${known}, got "${flags.model}"`)
  }
  const reference = await buildFromFile(path, model, flags)
  const event: ReferenceEvent = { ...toReferenceEvent(reference), source: 'file' }
  if (flags.output !== undefined) await writeFile(flags.output, `${JSON.stringify(event)}\n`)
  if (flags.publish === true) await publish(event, options)
  if (flags.output === undefined && flags.publish !== true) process.stdout.write(`${JSON.stringify(event)}\n`)
  process.stderr.write(`${describe(reference)}\n${describeFitness(referenceFitness(reference))}\n`)
}

/** Two passes over the file: cut, then count. Memory does not grow with its length. */
async function buildFromFile(path: string, model: ConfiguredModel, flags: BuildFlags): Promise<Reference> {
  const columns = { features: [...model.features.keys()], ...flags }
  const windowMs = windowMsOf(model, flags)
  const progress = new ReadingProgress(process.stderr, () => performance.now(), flags.quiet === true)
  const cutter = createReferenceCutter(
    new Map([...model.features].map(([name, { type }]) => [name, type])),
    model.task,
  )
  await eachRow(path, columns, progress, 'cut 1/2', cutter)
  const covered = cutter.times()
  const plan = covered === null ? null : { windowMs, ...covered }
  const subject = {
    model: model.name,
    version: flags.referenceVersion ?? model.version,
    createdAt: SYSTEM_CLOCK.now(),
    task: model.task,
    positiveLabel: model.positiveLabel,
  }
  const counter = createReferenceCounter(subject, cutter.finish(), cutter.classes(), plan)
  await eachRow(path, columns, progress, 'count 2/2', counter)
  progress.end()
  return counter.finish()
}

function windowMsOf(model: ConfiguredModel, { window }: BuildFlags): number {
  if (window === undefined) return model.windows.dataMs
  const windowMs = parseDuration(window)
  if (windowMs !== null && windowMs > 0) return windowMs
  throw new DriftstreamError(
    'CONFIG_INVALID',
    `--window: expected a duration such as 1h or 1d, got "${window}"`,
  )
}

async function eachRow(
  path: string,
  columns: ReferenceColumns,
  progress: ReadingProgress,
  pass: string,
  into: { add(row: ReferenceRow): void },
): Promise<void> {
  const read = unwatched()
  let count = 0
  progress.begin(pass)
  for await (const rows of readReferenceRows(path, columns, read)) {
    for (const row of rows) into.add(row)
    count += rows.length
    progress.tell(count, read)
  }
}

async function publish(event: ReferenceEvent, options: AppOptions): Promise<void> {
  const log = await openLog(options, createLogger(options.log))
  try {
    const counts = await checkTopics(log, options.topics.names)
    const to = { topic: options.topics.names.references, partitions: counts.references }
    const producer = await log.openProducer()
    const stamp = { source: `/${options.group}/reference-build`, now: event.createdAt }
    await producer.send([referenceRecord(event, to, stamp)])
    await producer.close()
  } finally {
    await log.close()
  }
}

function describe({ id, model, version, m, features, performance, panes }: Reference): string {
  const outcomes =
    performance === null ? 'no outcomes: performance cannot be judged' : `${performance.n} outcomes`
  return `reference ${id} of ${model} version ${version}: ${m} rows, ${features.size} features, ${outcomes}, ${panes?.starts.length ?? 0} base windows`
}
