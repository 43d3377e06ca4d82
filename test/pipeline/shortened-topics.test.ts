import pino from 'pino'
import { expect, it } from 'vitest'
import { startProcesses } from '../../src/consumers/start.ts'
import { topicSpecs } from '../../src/consumers/topics.ts'
import { openMemoryLog } from '../../src/log/memory-log.ts'
import { smallOptions } from '../support/small-pipeline.ts'

const DAY_MS = 86_400_000
const options = smallOptions('/nowhere')
const { names, partitions } = options.topics

/** The topics that processes warn of when they start on a log that keeps references for a day. */
async function warnedOf(processes: Parameters<typeof startProcesses>[0], timestamps: readonly number[]) {
  const log = openMemoryLog()
  const specs = topicSpecs(names, partitions, 1).map((spec) =>
    spec.topic === names.references ? { ...spec, settings: { 'retention.ms': String(DAY_MS) } } : spec,
  )
  await log.createTopics(specs)
  const producer = await log.openProducer()
  const record = { topic: names.references, partition: 1, key: null, value: Buffer.from('{}'), headers: {} }
  for (const timestamp of timestamps) await producer.send([{ ...record, timestamp }])
  await producer.close()
  const lines: { level: number; topic?: string; msg: string }[] = []
  const stop = new AbortController()
  const running = await startProcesses(processes, log, options, {
    clock: { now: () => 0 },
    logger: pino({ level: 'warn' }, { write: (line: string) => lines.push(JSON.parse(line)) }),
    signal: stop.signal,
  })
  stop.abort()
  await Promise.all(running.map(({ done }) => done))
  await log.close()
  return lines.filter(({ msg }) => msg.startsWith('the beginning of a topic')).map(({ topic }) => topic)
}

it('whoever reads references is told when the beginning of them is gone', async () => {
  expect(await warnedOf(['observer'], [0, 3 * DAY_MS])).toEqual([names.references])
  expect(await warnedOf(['detector', 'retrainer'], [0, 3 * DAY_MS])).toEqual([names.references])
  expect(await warnedOf(['observer'], [0, DAY_MS / 2])).toEqual([])
})
