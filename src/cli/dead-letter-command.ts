import { type Command, InvalidArgumentError } from 'commander'
import { nearestName } from '../config/nearest-name.ts'
import type { AppOptions } from '../config/options.ts'
import {
  expectLetters,
  type LetterChoice,
  readDeadLetters,
  readReplayed,
  replayDeadLetters,
} from '../consumers/dead-letter-topic.ts'
import { SYSTEM_CLOCK } from '../consumers/edge.ts'
import { ERROR_FATES } from '../errors/codes.ts'
import { headerText } from '../events/headers.ts'
import type { Log } from '../log/port.ts'
import { type DeadLetter, placeOf } from '../producers/read-dead-letter.ts'
import { CONFIG_PATH, createLogger, openLog, readOptions } from './setting.ts'
import { printable, renderTable } from './text-table.ts'

interface Flags {
  readonly config: string
  readonly json?: boolean
  readonly code?: string
  readonly source?: string
  readonly limit: number
  readonly all?: boolean
  readonly dryRun?: boolean
}

const COLUMNS = [
  { heading: 'place', align: 'left' },
  { heading: 'refused at', align: 'left' },
  { heading: 'code', align: 'left' },
  { heading: 'from', align: 'left' },
  { heading: 'sent back', align: 'left' },
  { heading: 'why', align: 'left' },
] as const

export function addDeadLetterCommand(program: Command): void {
  const dlq = program.command('dlq').description('What could not be counted: the dead-letter topic.')

  const list = dlq.command('list').description('The newest dead letters, and whether they were sent back.')
  list.option('--limit <n>', 'at most so many', wholeNumber, 50)
  list.action((flags: Flags) => withLog(flags, (log, options) => listLetters(log, options, flags)))

  const show = dlq.command('show <place>').description('One dead letter, partition/offset, with its bytes.')
  show.action((place: string, flags: Flags) =>
    withLog(flags, (log, options) => showLetter(log, options, place, flags.json === true)),
  )

  const replay = dlq
    .command('replay [place...]')
    .description('Send dead letters back to their topics as they came, each once.')
    .option('--all', 'every one that matches, not those named alone')
    .option('--dry-run', 'say what would be sent back, and send nothing')
  replay.action((places: readonly string[], flags: Flags) => {
    const isNarrowed = places.length > 0 || flags.code !== undefined || flags.source !== undefined
    if (!isNarrowed && flags.all !== true) replay.error('error: expected places, --code, --source, or --all')
    return withLog(flags, (log, options) => replayLetters(log, options, places, flags))
  })

  for (const command of [list, replay]) {
    command
      .option('--code <code>', 'refused for this', refusalCode)
      .option('--source <topic>', 'refused on this topic')
  }
  for (const command of [list, show, replay]) {
    command.option('--json', 'as JSON').option('-c, --config <file>', 'configuration', CONFIG_PATH)
  }
}

async function listLetters(log: Log, options: AppOptions, flags: Flags): Promise<void> {
  const topic = options.topics.names.deadLetters
  const replayed = await readReplayed(log, topic)
  let newest: object[] = []
  const keepNewest = () => {
    newest = newest.sort((a, b) => refusedAt(b) - refusedAt(a)).slice(0, flags.limit)
  }
  for await (const letter of readDeadLetters(log, topic, choiceOf(flags))) {
    newest.push({ ...summaryOf(letter), replayed: replayed.has(placeOf(letter)) })
    if (newest.length > 2 * flags.limit) keepNewest()
  }
  keepNewest()
  if (flags.json === true) return print(JSON.stringify(newest, null, 2))
  const rows = (newest as (Summary & { replayed: boolean })[]).map((letter) => [
    letter.place,
    new Date(letter.refusedAt).toISOString(),
    letter.code,
    `${letter.source.topic}/${letter.source.partition}/${letter.source.offset}`,
    letter.replayed ? 'yes' : '',
    letter.message,
  ])
  print(rows.length === 0 ? 'no dead letters' : renderTable(COLUMNS, rows))
}

async function showLetter(log: Log, options: AppOptions, place: string, json: boolean): Promise<void> {
  const topic = options.topics.names.deadLetters
  const replayed = await readReplayed(log, topic)
  for await (const letter of readDeadLetters(log, topic, { places: new Set([place]) })) {
    const headers = Object.keys(letter.headers).map((name) => [name, headerText(letter.headers, name) ?? ''])
    const shown = {
      ...summaryOf(letter),
      replayed: replayed.has(place),
      headers: Object.fromEntries(headers) as Record<string, string>,
      key: readable(letter.key),
      value: readable(letter.value),
    }
    if (json) return print(JSON.stringify(shown, null, 2))
    const { source } = shown
    return print(
      [
        `place      ${place}${shown.replayed ? ', sent back' : ''}`,
        `refused    ${new Date(shown.refusedAt).toISOString()} by the ${printable(shown.stage)}`,
        `from       ${source.topic}/${source.partition}/${source.offset}`,
        `why        ${printable(shown.code)}: ${escaped(shown.message)}`,
        ...headers.map(([name = '', text = '']) => `header     ${printable(name)}: ${printable(text)}`),
        `key        ${escaped(shown.key.text ?? shown.key.base64 ?? 'null')}`,
        `value      ${escaped(shown.value.text ?? shown.value.base64 ?? 'null')}`,
      ].join('\n'),
    )
  }
  await expectLetters(log, topic, new Set([place]))
}

async function replayLetters(
  log: Log,
  options: AppOptions,
  places: readonly string[],
  flags: Flags,
): Promise<void> {
  const target = {
    topic: options.topics.names.deadLetters,
    group: options.group,
    now: SYSTEM_CLOCK.now(),
  }
  const choice = { ...choiceOf(flags), ...(places.length > 0 ? { places: new Set(places) } : {}) }
  const dryRun = flags.dryRun === true
  const result = await replayDeadLetters(log, target, choice, dryRun)
  if (flags.json === true) return print(JSON.stringify({ ...result, dryRun }))
  const verb = dryRun ? 'would be sent back' : 'sent back'
  print(`${result.replayed} ${verb}, ${result.before} were sent back before`)
}

type Summary = ReturnType<typeof summaryOf>

function summaryOf(letter: DeadLetter) {
  const { refusedAt, source, code, message, stage } = letter
  return { place: placeOf(letter), refusedAt, source, code, message, stage }
}

function refusedAt(letter: object): number {
  return (letter as Summary).refusedAt
}

/** As text where it is UTF-8, as base64 where it is not. */
function readable(bytes: Uint8Array | null): { text: string | null; base64: string | null } {
  if (bytes === null) return { text: null, base64: null }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), base64: null }
  } catch {
    return { text: null, base64: Buffer.from(bytes).toString('base64') }
  }
}

/** Whole, but without what would move the cursor of a terminal. */
function escaped(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function choiceOf({ code, source }: Flags): LetterChoice {
  return { ...(code === undefined ? {} : { code }), ...(source === undefined ? {} : { source }) }
}

async function withLog(
  { config }: Flags,
  use: (log: Log, options: AppOptions) => Promise<void>,
): Promise<void> {
  const options = readOptions(config)
  const log = await openLog(options, createLogger(options.log))
  try {
    await use(log, options)
  } finally {
    await log.close()
  }
}

/** A slip in a code would find no letter, and look like good news. */
function refusalCode(text: string): string {
  const codes = Object.entries(ERROR_FATES).flatMap(([code, fate]) => (fate === 'dead-letter' ? [code] : []))
  if (codes.includes(text)) return text
  const near = nearestName(text, codes)
  throw new InvalidArgumentError(
    near === null ? `expected one of ${codes.join(', ')}` : `did you mean ${near}?`,
  )
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('expected a whole number of at least 1')
  return Number(text)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
