import { expect, it } from 'vitest'
import { exposition } from '../../src/metrics/exposition.ts'
import { Metrics } from '../../src/metrics/metrics.ts'
import { featureRecord } from '../../src/producers/source-events.ts'
import { openSmallPipeline } from '../support/small-pipeline.ts'
import { featureEventOf, minuteOf, type SmallWorld } from '../support/small-world.ts'

const world: SmallWorld = {
  startMs: Date.UTC(2027, 0, 1),
  turnsAtMinute: 30,
  eventsPerMinute: 120,
  seed: 2,
}

/** Every value by its name with its labels. */
function read(metrics: Metrics): Map<string, number> {
  const lines = exposition(metrics.families(), 'prometheus').trim().split('\n')
  return new Map(
    lines
      .filter((line) => !line.startsWith('#'))
      .map((line) => {
        const at = line.lastIndexOf(' ')
        return [line.slice(0, at), Number(line.slice(at + 1))]
      }),
  )
}

it('the metrics agree with what was sent and what was published, also over a restart', async () => {
  const metrics = new Metrics()
  const pipeline = await openSmallPipeline(world, undefined, { metrics })
  await pipeline.play(world, 0, 40)
  await pipeline.restart()
  await pipeline.play(world, 40, 70)
  const [event] = minuteOf(world, 69)
  const features = { topic: 'features', partitions: 3 }
  const again = featureRecord(featureEventOf(event!, '1'), features)
  const broken = { ...again, value: Buffer.from('{') }
  const stranger = { ...again, value: Buffer.from(again.value!.toString().replace('"small"', '"other"')) }
  await pipeline.emit([again, broken, broken, stranger], world.startMs + 70 * 60_000)

  const told = read(metrics)
  // The reference was counted before the first run's end and its counts are not counted again by the second.
  expect(told.get('driftstream_events_counted_total{model="small"}')).toBe(70 * 120)
  expect(told.get('driftstream_labels_joined_total{model="small"}')).toBe(70 * 120)
  expect(told.get('driftstream_duplicate_predictions_total')).toBe(1)
  expect(told.get('driftstream_records_refused_total{process="observer",code="EVENT_UNDECODABLE"}')).toBe(2)
  expect(told.get('driftstream_records_refused_total{process="observer",code="MODEL_UNKNOWN"}')).toBe(1)
  expect(told.get('driftstream_records_read_total{process="observer",topic="features"}')).toBe(70 * 120 + 4)
  expect(told.get('driftstream_delta_gaps_total')).toBeUndefined()
  expect(told.get('driftstream_delta_overlaps_total')).toBeUndefined()
  expect(told.get('driftstream_process_ready{process="detector"}')).toBe(1)
  expect(told.get('driftstream_tasks{process="observer"}')).toBe(3)
  expect(told.get('driftstream_assignments_total{process="retrainer"}')).toBe(2)
  // From the tenth minute on a base is full, and has something to judge before.
  expect(told.get('driftstream_judgements_total{model="small"}')).toBeGreaterThan(50)
  // Windows of 20 and 40 minutes move once a base of 10, as long as the first version serves.
  expect(told.get('driftstream_longer_looks_total{model="small"}')).toBeGreaterThan(3)
  expect(told.get('driftstream_findings_total{model="small",verdict="stable"}')).toBeGreaterThan(100)
  const findings = [...told].filter(([name]) => name.startsWith('driftstream_findings_total{'))
  const found = findings.reduce((sum, [, count]) => sum + count, 0)
  const tests = told.get('driftstream_tests_total{model="small"}')!
  // The long windows stand still for nine panes of ten: what they show then was tested before.
  expect(tests).toBeGreaterThan(found / 2)
  expect(tests).toBeLessThan(found)
  const flushes = told.get('driftstream_flushes_total{process="observer",outcome="committed"}')!
  expect(told.get('driftstream_flush_duration_seconds_count{process="observer"}')).toBe(flushes)

  const { requests, deployments, drift } = await pipeline.published()
  expect(requests.length).toBeGreaterThan(0)
  expect(told.get('driftstream_retrain_requests_total{model="small"}')).toBe(requests.length)
  const fired = told.get('driftstream_triggers_fired_total{model="small"}')!
  const suppressed = [...told].filter(([name]) => name.startsWith('driftstream_triggers_suppressed_total{'))
  expect(fired).toBe(requests.length + suppressed.reduce((sum, [, count]) => sum + count, 0))
  const last = deployments.at(-1)!
  expect(told.get(`driftstream_rollouts_total{model="small",stage="${last.stage}"}`)).toBeGreaterThan(0)
  const newest = new Map(drift.map(({ episodeId, state }) => [episodeId, state]))
  const open = [...told].filter(([name]) => name.startsWith('driftstream_episodes_open{'))
  expect(open).toHaveLength([...newest.values()].filter((state) => state !== 'resolved').length)
  // No name or value of a feature, whatever came.
  expect([...told.keys()].filter((name) => /feature=|value=/.test(name))).toEqual([])
  await pipeline.stop()
})
