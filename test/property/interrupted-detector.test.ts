import { deserialize, serialize } from 'node:v8'
import fc from 'fast-check'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { openDetector } from '../../src/consumers/detector.ts'
import { tellDetector } from '../../src/consumers/detector-metrics.ts'
import { checkTopics, topicSpecs } from '../../src/consumers/topics.ts'
import { openMemoryLog } from '../../src/log/memory-log.ts'
import type { OutgoingRecord } from '../../src/log/port.ts'
import { METRICS } from '../../src/metrics/catalogue.ts'
import type { SetMetric } from '../../src/metrics/metrics.ts'
import { decodeDelta } from '../../src/sketches/delta-codec.ts'
import { detectDeltaInParts } from '../../src/steps/detect.ts'
import { createDetectState, type DetectContext } from '../../src/steps/detect-state.ts'
import { observerEdge } from '../support/observer-edge.ts'
import { detectRecord, type RecordedRecord, recordedSmall } from '../support/recorded-small.ts'
import { smallOptions } from '../support/small-pipeline.ts'

const MINUTES = 40
const PARTITIONS = 3
/** Records between two flushes, each with a snapshot. */
const FLUSH_RECORDS = 25
const DETECTED = new Set<string>(
  [METRICS.episodesOpen, METRICS.triggersFired, METRICS.requests, METRICS.suppressed, METRICS.inFlight].map(
    ({ name }) => name,
  ),
)

let recorded: { records: RecordedRecord[]; context: DetectContext }

beforeAll(async () => {
  recorded = await recordedSmall(
    { startMs: Date.UTC(2027, 0, 1), turnsAtMinute: 22, eventsPerMinute: 120, seed: 1 },
    {},
    MINUTES,
  )
}, 60_000)

afterEach(() => {
  vi.restoreAllMocks()
})

/** What a detector tells of itself, as text. */
function listen() {
  const lines: string[] = []
  const set: SetMetric = ({ name }, labels, value) => {
    if (DETECTED.has(name)) lines.push(`${name} ${JSON.stringify(labels)} ${value}`)
  }
  return { set, text: () => lines.join('\n') }
}

/** Everything that may be told: of the state between records, and between the panes that a record closes. */
function toldWhole(): Set<string> {
  const { records, context } = recorded
  const state = createDetectState()
  const texts = new Set<string>()
  const tell = () => {
    const { set, text } = listen()
    tellDetector(set, state)
    texts.add(text())
  }
  for (const one of records) {
    tell()
    const { value } = one.record
    if (one.topic !== 'sketches') {
      detectRecord(state, one, context)
      continue
    }
    for (const stop of detectDeltaInParts(state, decodeDelta(value!), context)) if (stop === 'pane') tell()
  }
  tell()
  return texts
}

/**
 * All that a detector writes of the recorded world, and what it told of itself whenever others had their turn.
 * @param stepMs how far the clock goes on each time somebody looks at it
 */
async function play(stepMs: () => number): Promise<{ written: OutgoingRecord[]; told: Set<string> }> {
  const base = smallOptions('unused')
  const { stream, models } = recorded.context
  const options = { ...base, stream, models: new Map([...base.models].filter(([name]) => models.has(name))) }
  const log = openMemoryLog()
  await log.createTopics(topicSpecs(options.topics.names, PARTITIONS, 1, true))
  const told = new Set<string>()
  const edge = observerEdge(log, 0, {
    flush: { ...options.flush, snapshotBytes: 0 },
    alive: () => {
      const { set, text } = listen()
      task.tell!(set)
      told.add(text())
    },
  })
  const detector = await openDetector(options, await checkTopics(log, options.topics.names), edge)
  const task = await detector.openTask(0, [])
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => {
    now += stepMs()
    return now
  })
  const written: OutgoingRecord[] = []
  for (const [index, { topic, record }] of recorded.records.entries()) {
    const nextOffset = record.offset + 1
    await task.fold({ topic, partition: 0, records: [record], nextOffset, highWatermark: nextOffset })
    if (index % FLUSH_RECORDS !== 0) continue
    await task.prepareFlush()
    written.push(...task.take([{ topic: 'sketches', partition: 0, from: 0, to: index }]))
  }
  await task.prepareFlush()
  written.push(...task.take([]))
  vi.restoreAllMocks()
  return { written: deserialize(serialize(written)), told }
}

describe('a detector that is interrupted', () => {
  it('writes the same bytes, and tells nothing of a state in the middle of a pane', async () => {
    const { written: expected, told: none } = await play(() => 0)
    expect(none.size).toBe(0)
    expect(expected.some(({ topic }) => topic === 'retrain-requests')).toBe(true)
    expect(expected.some(({ topic }) => topic === 'snapshots')).toBe(true)
    const whole = toldWhole()
    expect(whole.size).toBeGreaterThan(3)

    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.integer({ min: 0, max: 60 })), async (steps) => {
        const { written, told } = await play(() => steps.next().value)
        expect(written).toEqual(expected)
        expect(told.size).toBeGreaterThan(1)
        expect([...told].filter((text) => !whole.has(text))).toEqual([])
      }),
      { numRuns: 4 },
    )
  }, 300_000)
})
