import { expect, it } from 'vitest'
import { describeStatus } from '../../src/cli/status-command.ts'
import { readEvents } from '../../src/consumers/read-events.ts'
import { readStatus } from '../../src/consumers/status.ts'
import { streamHealthEventType } from '../../src/events/stream-health-event.ts'
import { featureRecord, labelRecord } from '../../src/producers/source-events.ts'
import { openSmallPipeline } from '../support/small-pipeline.ts'
import { featureEventOf, labelEventOf, minuteOf, type SmallWorld } from '../support/small-world.ts'

const world: SmallWorld = { startMs: Date.UTC(2027, 0, 1), turnsAtMinute: 1e6, eventsPerMinute: 30, seed: 2 }

it('what was late, repeated, orphaned, waiting or refused is told, and status shows where all stands', async () => {
  const pipeline = await openSmallPipeline(world)
  const features = { topic: 'features', partitions: 3 }
  const labels = { topic: 'labels', partitions: 3 }
  await pipeline.play(world, 0, 3)
  const [event] = minuteOf(world, 0)
  const feature = (id: string) => featureRecord({ ...featureEventOf(event!, '1'), id }, features)
  const label = { ...labelEventOf(event!), id: 'nobody' }
  const late = Array.from({ length: 5 }, (_, i) => feature(`late-${i}`))
  const broken = { ...feature('x'), value: Buffer.from('{') }
  await pipeline.emit(
    [...late, feature('late-0'), labelRecord(label, labels), broken],
    world.startMs + 180_000,
  )
  await pipeline.play(world, 3, 6)

  const told = await readEvents(pipeline.log, 'health', streamHealthEventType)
  const last = told.at(-1)!
  expect(last.totals).toMatchObject({
    late: 5,
    duplicatePredictions: 1,
    deadLetters: 1,
    expiredPredictions: 0,
    gaps: 0,
    overlaps: 0,
  })
  expect(last.tasks.map(({ task }) => task)).toEqual([0, 1, 2])
  const sum = told.reduce((total, { counts }) => total + counts.late, 0)
  expect(sum).toBe(5)
  // Windows follow one another: each pane is told of once.
  for (const [index, { window }] of told.entries()) {
    if (index > 0) expect(window.fromMs).toBe(told[index - 1]!.window.toMs)
  }

  const status = await readStatus(pipeline.log, pipeline.options)
  expect(status.models).toMatchObject([
    { model: 'small', champion: '1', reference: { stage: 'ready' }, openEpisodes: [], lastRequest: null },
  ])
  const observed = status.positions.filter(({ process }) => process === 'observer')
  expect(observed.map(({ lag }) => lag)).toEqual([0, 0, 0, 0, 0, 0])
  expect(status.health).toEqual(last)
  // Late predictions that wait for labels, and the label that waits for its prediction.
  const deltas = last.tasks.reduce((total, { waiting }) => total + waiting, 0)
  expect(deltas).toBe(6)
  expect(status.models[0]!.triggers).toMatchObject({ fired: 0, requested: 0, inFlight: [] })
  const processes = [
    { process: 'detector', state: 'restoring', tasks: 0, restoring: [{ task: 1, share: 0.437 }] },
  ] as const
  const text = describeStatus({ ...status, processes })
  expect(text).toContain('detector: restoring, 0 tasks, task 1 has read 43 % again\n')
  expect(text).toContain('continuity: 0 gaps with 0 offsets missing, 0 overlaps dropped\n')
  expect(text).toMatch(/^small +0 +0 +nothing +none +none$/m)
  expect(text).toContain('late 5, duplicatePredictions 1, deadLetters 1')
  expect(text).toMatch(/^small +1 +\w+ \(ready, \d+ rows\) +0 +none$/m)
  await pipeline.stop()
})

it('status of an installation that has not begun', async () => {
  const pipeline = await openSmallPipeline(world)
  const status = await readStatus(pipeline.log, pipeline.options)
  expect(status.health).toBeNull()
  expect(describeStatus(status)).toContain('no pane has closed yet')
  await pipeline.stop()
})

it('an episode that is open and a request that was answered stand in the status', async () => {
  const turning = { ...world, turnsAtMinute: 60, eventsPerMinute: 120 }
  const pipeline = await openSmallPipeline(turning)
  await pipeline.play(turning, 0, 75)
  const { drift, requests } = await pipeline.published()
  const { models } = await readStatus(pipeline.log, pipeline.options)
  const open = new Set(drift.map(({ episodeId }) => episodeId))
  for (const { state, episodeId } of drift) if (state === 'resolved') open.delete(episodeId)
  expect(drift.length).toBeGreaterThan(0)
  expect(models[0]!.openEpisodes).toHaveLength(open.size)
  expect(models[0]!.lastRequest?.id).toBe(requests.at(-1)?.id)
  const { fired, requested, suppressed } = models[0]!.triggers!
  expect(requested).toBe(requests.length)
  expect(fired).toBe(requested + suppressed.reduce((sum, { count }) => sum + count, 0))
  await pipeline.stop()
})
