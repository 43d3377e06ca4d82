import { expect, it } from 'vitest'
import { openDetector } from '../../src/consumers/detector.ts'
import { Progress } from '../../src/consumers/progress.ts'
import { runProcess } from '../../src/consumers/run-process.ts'
import { checkTopics, topicSpecs } from '../../src/consumers/topics.ts'
import { openKafkaLog } from '../../src/log/kafkajs/kafkajs-log.ts'
import { METRICS } from '../../src/metrics/catalogue.ts'
import { Metrics } from '../../src/metrics/metrics.ts'
import { describeKafka, kafka, uniqueName } from '../support/kafka.ts'
import { observerEdge } from '../support/observer-edge.ts'
import { sketchedPast } from '../support/sketched-past.ts'
import { smallOptions } from '../support/small-pipeline.ts'
import { topicNames } from '../support/topic-names.ts'

const SESSION_MS = 1_000
/** Of one model: less than a fetch brings at once, several sessions of work on the machine this was written on. */
const MANY_MINUTES = { models: ['small'], minutes: 3_000 }
/** The second minute is the first to be judged: a session of work and more, in one pane. */
const MANY_MODELS = { models: Array.from({ length: 400 }, (_, at) => `m${at}`), minutes: 1 }

describeKafka('a detector whose work takes longer than its session', () => {
  it('stays a member of its group while it restores its state, and goes on where it was', async () => {
    const { assignments, restoredMs } = await runDetector(MANY_MINUTES)
    expect(assignments).toEqual([1])
    expect(restoredMs).toBeGreaterThan(SESSION_MS)
  }, 120_000)

  it('stays a member of its group while it judges many models at one pane', async () => {
    const { assignments, foldedMs } = await runDetector(MANY_MODELS)
    expect(assignments).toEqual([1])
    expect(foldedMs).toBeGreaterThan(SESSION_MS)
  }, 120_000)
})

/**
 * A detector that restores so many minutes and then reads one more: how often it was assigned its task, and what
 * the restore and that minute took.
 */
async function runDetector(past: { readonly models: readonly string[]; readonly minutes: number }) {
  const prefix = uniqueName('restore')
  const base = smallOptions('unused')
  const [small] = base.models.values()
  const models = new Map(past.models.map((name) => [name, { ...small!, name }]))
  const names = topicNames(`${prefix}-`)
  const options = { ...base, models, group: prefix, topics: { ...base.topics, names, partitions: 1 } }
  const log = await openKafkaLog({
    brokers: kafka.brokers!,
    clientId: 'restore',
    connectTimeoutMs: 20_000,
    sessionTimeoutMs: SESSION_MS,
  })
  await log.createTopics(topicSpecs(names, 1, 1, true))
  const records = sketchedPast(names, Date.UTC(2026, 0, 1), { ...past, minutes: past.minutes + 1 })
  const next = records.pop()!
  const producer = await log.openProducer()
  const { written } = await producer.send(records)
  const owner = await log.openTransactional(`${prefix}.detector.0`)
  const positions = [names.references, names.sketches].map((topic) => {
    const { offset } = written.findLast((position) => position.topic === topic)!
    return { topic, partition: 0, offset }
  })
  await owner.flush({ records: [], offsets: { group: `${prefix}.detector`, positions } })
  await owner.close()

  const [metrics, progress, stop] = [new Metrics(), new Progress(), new AbortController()]
  const edge = observerEdge(log, 0, {
    flush: options.flush,
    metrics,
    progress,
    signal: stop.signal,
  })
  const detector = await openDetector(options, await checkTopics(log, names), edge)
  let [restoredMs, foldedMs] = [0, 0]
  const timed = {
    ...detector,
    openTask: async (...given: Parameters<typeof detector.openTask>) => {
      const startedAt = performance.now()
      const task = await detector.openTask(...given)
      restoredMs = Math.max(restoredMs, performance.now() - startedAt)
      const fold = task.fold.bind(task)
      task.fold = async (batch) => {
        const foldingAt = performance.now()
        await fold(batch)
        foldedMs = Math.max(foldedMs, performance.now() - foldingAt)
      }
      // Told before anybody looks whether the membership is still there.
      await producer.send([next])
      return task
    },
  }
  const running = runProcess(timed, edge)
  await progress.settled([{ topic: names.sketches, partition: 0, offset: past.minutes + 1 }])
  const family = metrics.families().find(({ definition }) => definition === METRICS.assignments)!
  stop.abort()
  await running
  await Promise.all([producer.close(), log.close()])
  return { assignments: family.series.map(({ value }) => value), restoredMs, foldedMs }
}
