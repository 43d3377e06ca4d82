import { setTimeout as sleep } from 'node:timers/promises'
import type { DeploymentEvent } from '../../src/events/deployment-event.ts'
import { versionsOf } from '../../src/events/serving-route.ts'
import type { OutgoingRecord } from '../../src/log/port.ts'
import { featureRecord, labelRecord } from '../../src/producers/source-events.ts'
import { routeOf } from '../support/small-serving.ts'
import { featureEventOf, labelEventOf, minuteOf, type SmallWorld } from '../support/small-world.ts'
import type { Field } from './field.ts'
import { VERSION } from './stream.ts'

const LOOK_MS = 20
const QUIET_MAX_MS = 120_000

/**
 * What a serving side writes of one minute of a model, by the stages it has heard of: every version's answers.
 * A spoilt candidate says the opposite of what is true.
 */
export function answersOf(
  { features }: Field,
  model: string,
  world: SmallWorld,
  minute: number,
  heard: readonly DeploymentEvent[],
  isSpoilt: boolean,
): OutgoingRecord[] {
  const route = routeOf(heard, VERSION)
  return minuteOf(world, minute).flatMap((event) =>
    versionsOf(event.id, route).map((version) => {
      const answer = { ...featureEventOf(event, version), model }
      const score = event.label === 1 ? 0.02 : 0.98
      const opposite = isSpoilt && version !== VERSION
      return featureRecord(opposite ? { ...answer, score, prediction: 1 - event.label } : answer, features)
    }),
  )
}

export function labelsOf(
  { labels }: Field,
  model: string,
  world: SmallWorld,
  minute: number,
): OutgoingRecord[] {
  return minuteOf(world, minute).map((event) => labelRecord({ ...labelEventOf(event), model }, labels))
}

/**
 * Resolves with true when all that is written has had all its consequences, with false as soon as `isOff`
 * says that nobody will see to them.
 */
export async function settledOr(field: Field, isOff: () => boolean): Promise<boolean> {
  const { options, names } = field
  const detector = [
    `${options.name}.detector`,
    [names.sketches, names.references, names.deployments, names.commands],
  ] as const
  // In the order of cause and effect: what one has committed, it has written all that follows from.
  const readers = [
    [`${options.name}.observer`, [names.features, names.labels]],
    detector,
    [`${options.name}.retrainer`, [names.retrainRequests, names.commands, names.comparisons]],
    detector,
  ] as const
  const startedAt = performance.now()
  for (const [group, topics] of readers) {
    for (;;) {
      if (isOff()) return false
      const { done, total } = await field.progress(group, topics)
      if (done === total || !(await leavesRecords(field, group, topics))) break
      if (performance.now() - startedAt > QUIET_MAX_MS) {
        const said = field.workers
          .filter(({ isRunning }) => isRunning)
          .map((worker) => `${worker.name} said\n${worker.tail()}`)
        throw new Error(`${group} has come to ${done} of ${total}; ${said.join('\n')}`)
      }
      await sleep(LOOK_MS)
    }
  }
  return true
}

/** Whether committed records lie behind a group's positions: what a transaction left that was aborted is none. */
async function leavesRecords({ log }: Field, group: string, topics: readonly string[]): Promise<boolean> {
  const places = await Promise.all(
    topics.map(async (topic) =>
      (await log.offsets(topic)).map(({ partition, high }) => ({ topic, partition, high })),
    ),
  )
  const ends = places.flat()
  const positions = await log.committed(group, ends)
  const ranges = ends.map(({ topic, partition, high }) => {
    const from = positions.find((one) => one.topic === topic && one.partition === partition)?.offset ?? 0
    return { topic, partition, from: Math.min(from, high), to: high }
  })
  for await (const { records } of log.read(ranges)) if (records.length > 0) return true
  return false
}
