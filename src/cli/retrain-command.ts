import { userInfo } from 'node:os'
import process from 'node:process'
import type { Command } from 'commander'
import { parseDuration } from '../config/duration.ts'
import { askForRetrain, followRetrain, type RetrainWish, type WishNews } from '../consumers/ask-retrain.ts'
import { SYSTEM_CLOCK } from '../consumers/edge.ts'
import { TERMINAL_STAGES } from '../events/deployment-event.ts'
import type { Log } from '../log/port.ts'
import { EXIT } from './exit-codes.ts'
import { modelNamed } from './model-named.ts'
import { runUntilSignal } from './process-commands.ts'
import { CONFIG_PATH, createLogger, openLog, readOptions } from './setting.ts'
import { printable } from './text-table.ts'

/** `retrain` alone is the process that answers requests; with a model it asks for one. */
export function addRetrainCommand(program: Command): void {
  program
    .command('retrain')
    .argument('[model]', 'ask for a retrain of this model; without one, run the retrainer until SIGTERM')
    .summary('train, validate and promote what is asked for; with a model: ask for it')
    .description(
      'Without a model: the process that trains, validates and promotes what is asked for, until SIGTERM. With one: ask for a retrain of it. The detector decides when its next pane closes.',
    )
    .option('-c, --config <file>', 'configuration', CONFIG_PATH)
    .option('--by <name>', 'who asks; stands in the request', userInfo().username)
    .option('--reason <text>', 'why; stands in the request', '')
    .option('--wait', 'tell what comes of it, until it is decided or waits for a person or live events')
    .option('--wait-limit <duration>', 'give up waiting after that long', '1h')
    .option('--json', 'one JSON object a line')
    .action((model: string | undefined, flags: RetrainFlags, command: Command) =>
      model === undefined ? runUntilSignal(['retrainer'], flags.config, false) : ask(model, flags, command),
    )
}

interface RetrainFlags {
  readonly config: string
  readonly by: string
  readonly reason: string
  readonly wait?: boolean
  readonly waitLimit: string
  readonly json?: boolean
}

async function ask(model: string, flags: RetrainFlags, command: Command): Promise<void> {
  const limitMs = parseDuration(flags.waitLimit)
  if (limitMs === null || limitMs <= 0) {
    command.error(`error: expected --wait-limit to be a duration such as 10m, got "${flags.waitLimit}"`)
  }
  const options = readOptions(flags.config)
  modelNamed(options, model)
  const log = await openLog(options, createLogger(options.log))
  const wish = { model, by: flags.by, reason: flags.reason, at: SYSTEM_CLOCK.now() }
  const print = (line: string) => process.stdout.write(`${line}\n`)
  try {
    const topics = options.topics.names
    const waits = flags.wait === true ? { limitMs: limitMs!, text: flags.waitLimit } : null
    process.exitCode = await askAndTell(log, topics, wish, { waits, json: flags.json === true, print })
  } finally {
    await log.close()
  }
}

/**
 * Asks, and tells what follows where it is waited for; the exit code. 0: asked, or what was waited for is
 * promoted, waits for a person or meets live events; 1: it came to another end, or to none in time.
 */
export async function askAndTell(
  log: Log,
  topics: Parameters<typeof followRetrain>[1],
  wish: RetrainWish,
  {
    waits,
    json,
    print,
  }: {
    readonly waits: { readonly limitMs: number; readonly text: string } | null
    readonly json: boolean
    readonly print: (line: string) => void
  },
): Promise<number> {
  const asked = (command: unknown) =>
    print(
      json ? JSON.stringify({ kind: 'asked', command }) : `written: a retrain of ${wish.model} is asked for`,
    )
  if (waits === null) {
    asked(await askForRetrain(log, topics, wish))
    return EXIT.ok
  }
  for await (const news of followRetrain(log, topics, wish, AbortSignal.timeout(waits.limitMs))) {
    if (news.kind === 'asked') asked(news.command)
    else print(json ? JSON.stringify(news) : describeNews(news))
    if (news.kind === 'stage' && news.isLast) {
      const { stage } = news.event
      const endedBadly = TERMINAL_STAGES.has(stage) && stage !== 'promoted' && stage !== 'confirmed'
      return endedBadly ? EXIT.failure : EXIT.ok
    }
  }
  const late = `no end of it within ${waits.text}; driftstream status tells which guard holds it back`
  print(json ? JSON.stringify({ kind: 'given-up', reason: late }) : late)
  return EXIT.failure
}

function describeNews(news: WishNews): string {
  if (news.kind === 'requested') {
    const { id, trainingRange } = news.request
    const [from, to] = [trainingRange.fromMs, trainingRange.toMs].map((ms) => new Date(ms).toISOString())
    return `requested: ${id}, to learn from ${from} to ${to}`
  }
  const { stage, toVersion, reason } = news.event
  return `${stage}: version ${printable(toVersion)}, ${printable(reason)}`
}
