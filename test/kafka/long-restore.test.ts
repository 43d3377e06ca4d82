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
/** Less than a fetch brings at once; several sessions of work on the machine this was written on. */
const MINUTES = 3_000

describeKafka('a detector whose state takes longer to restore than its session', () => {
  it('stays a member of its group, and goes on where it was', async () => {
    const prefix = uniqueName('restore')
    const base = smallOptions('unused')
    const names = topicNames(`${prefix}-`)
    const options = { ...base, group: prefix, topics: { ...base.topics, names, partitions: 1 } }
    const log = await openKafkaLog({
      brokers: kafka.brokers!,
      clientId: 'restore',
      connectTimeoutMs: 20_000,
      sessionTimeoutMs: SESSION_MS,
    })
    await log.createTopics(topicSpecs(names, 1, 1, true))
    const past = sketchedPast(names, Date.UTC(2026, 0, 1), { minutes: MINUTES + 1 })
    const next = past.pop()!
    const producer = await log.openProducer()
    const { written } = await producer.send(past)
    const owner = await log.openTransactional(`${prefix}.detector.0`)
    const positions = written.map(({ topic, offset }) => ({ topic, partition: 0, offset }))
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
    let restoredMs = 0
    const timed = {
      ...detector,
      openTask: async (...given: Parameters<typeof detector.openTask>) => {
        const startedAt = performance.now()
        const task = await detector.openTask(...given)
        restoredMs = Math.max(restoredMs, performance.now() - startedAt)
        // Told before anybody looks whether the membership is still there.
        await producer.send([next])
        return task
      },
    }
    const running = runProcess(timed, edge)
    await progress.settled([{ topic: names.sketches, partition: 0, offset: MINUTES + 1 }])
    const assignments = metrics.families().find(({ definition }) => definition === METRICS.assignments)!
    expect(assignments.series.map(({ value }) => value)).toEqual([1])
    expect(restoredMs).toBeGreaterThan(SESSION_MS)
    stop.abort()
    await running
    await Promise.all([producer.close(), log.close()])
  }, 120_000)
})
