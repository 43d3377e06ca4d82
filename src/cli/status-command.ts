import type { Command } from 'commander'
import type { ConditionReport } from '../consumers/condition.ts'
import { readStatus, type StatusReport } from '../consumers/status.ts'
import { checkTopics } from '../consumers/topics.ts'
import type { HealthCounts, StreamHealthEvent } from '../events/stream-health-event.ts'
import { askReadiness } from '../http/ask-readiness.ts'
import { CONFIG_PATH, createLogger, openLog, readOptions } from './setting.ts'
import { printable, renderTable } from './text-table.ts'

export function addStatusCommand(program: Command): void {
  program
    .command('status')
    .summary('where everything stands')
    .description('Where everything stands: positions and lag, models and their episodes, the stream itself.')
    .option('--json', 'as JSON')
    .option('-c, --config <file>', 'configuration', CONFIG_PATH)
    .action(async ({ config, json }: { config: string; json?: boolean }) => {
      const options = readOptions(config)
      const log = await openLog(options, createLogger(options.log))
      try {
        await checkTopics(log, options.topics.names)
        const { metrics } = options
        const processes = metrics === undefined ? null : await askReadiness(metrics)
        const status = { ...(await readStatus(log, options)), processes }
        process.stdout.write(json === true ? `${JSON.stringify(status, null, 2)}\n` : describeStatus(status))
      } finally {
        await log.close()
      }
    })
}

/** What the topics tell, and what the processes at the address of the metrics say of themselves, if they do. */
export type ToldStatus = StatusReport & { readonly processes?: readonly ConditionReport[] | null }

/** The status for people: tables, a line for each process that was asked and for each episode that is open. */
export function describeStatus({ positions, models, health, processes }: ToldStatus): string {
  const sections = [
    (processes ?? []).map(describeProcess).join('\n'),
    renderTable(
      [left('process'), left('topic'), right('partition'), right('committed'), right('end'), right('lag')],
      positions.map(({ process, topic, partition, committed, end, lag }) =>
        [process, topic, partition, committed, end, lag].map(String),
      ),
    ),
    renderTable(
      [left('model'), left('champion'), left('reference'), right('episodes'), left('last request')],
      models.map(({ model, champion, reference, openEpisodes, lastRequest }) => [
        model,
        champion,
        reference === null ? 'none' : `${reference.id} (${reference.stage}, ${reference.m} rows)`,
        String(openEpisodes.length),
        lastRequest === null ? 'none' : `${isoTime(lastRequest.at)} ${lastRequest.stage ?? 'unanswered'}`,
      ]),
    ),
    describeTriggers(models),
    models
      .flatMap(({ model, openEpisodes }) =>
        openEpisodes.map(
          ({ concern, diagnosis, changedAt, summary }) =>
            `${model}: ${concern}, ${diagnosis}, since ${isoTime(changedAt)}: ${printable(summary)}`,
        ),
      )
      .join('\n'),
    health === null ? 'stream: no pane has closed yet' : describeHealth(health),
  ]
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`
}

function describeProcess({ process, state, tasks, restoring }: ConditionReport): string {
  const shares = restoring
    .filter(({ share }) => share < 1)
    .map(({ task, share }) => `task ${task} has read ${Math.floor(100 * share)} % again`)
  return [`${process}: ${state}, ${tasks} tasks`, ...shares].join(', ')
}

/** Where the triggers stand; of models of which no pane has closed nothing is known. */
function describeTriggers(models: StatusReport['models']): string {
  const told = models.flatMap(({ triggers }) => triggers ?? [])
  if (told.length === 0) return ''
  return renderTable(
    [
      left('triggers of'),
      right('fired'),
      right('requested'),
      left('held back'),
      left('in flight'),
      left('next schedule'),
    ],
    told.map(({ model, fired, requested, suppressed, inFlight, nextScheduleAt }) => [
      model,
      String(fired),
      String(requested),
      suppressed.map(({ guard, count }) => `${guard} ${count}`).join(', ') || 'nothing',
      inFlight.join(', ') || 'none',
      nextScheduleAt === null ? 'none' : isoTime(nextScheduleAt),
    ]),
  )
}

function describeHealth({ at, state, counts, totals, gaps, tasks }: StreamHealthEvent): string {
  const told = (of: HealthCounts) => {
    const met = Object.entries(of).filter(([, count]) => count > 0)
    return met.length === 0 ? 'nothing unusual' : met.map(([name, count]) => `${name} ${count}`).join(', ')
  }
  const table = renderTable(
    [right('task'), left('complete until'), left('idle'), right('waiting')],
    tasks.map(({ task, watermark, idle, waiting }) => [
      String(task),
      watermark === null ? 'no event yet' : isoTime(watermark),
      idle ? 'yes' : 'no',
      String(waiting),
    ]),
  )
  const missing = gaps.map(
    ({ topic, partition, from, to }) => `missing: ${topic}/${partition} ${from} to ${to}`,
  )
  const lines = [
    `stream: ${state} until ${isoTime(at)}`,
    `latest: ${told(counts)}`,
    `in all: ${told(totals)}`,
    `continuity: ${totals.gaps} gaps with ${totals.missingOffsets} offsets missing, ${totals.overlaps} overlaps dropped`,
  ]
  return [...lines, ...missing, '', table].join('\n')
}

function isoTime(ms: number): string {
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : `${ms} ms`
}

function left(heading: string) {
  return { heading, align: 'left' } as const
}

function right(heading: string) {
  return { heading, align: 'right' } as const
}
