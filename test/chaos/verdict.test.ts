import { describe, expect, it } from 'vitest'
import { openMemoryLog } from '../../src/log/memory-log.ts'
import { layoutOf } from '../../src/sketches/block-layout.ts'
import type { DeltaSource, SketchDelta } from '../../src/sketches/delta.ts'
import { encodeDelta } from '../../src/sketches/delta-codec.ts'
import { createFeatureBlock } from '../../src/sketches/feature-block.ts'
import { createPerformanceCounts } from '../../src/sketches/performance-counts.ts'
import { emptyStreamCounts } from '../../src/steps/observe.ts'
import { readCommitted } from './committed.ts'
import { Recount } from './recount.ts'
import { type ChaosEvent, eventOf, PANE_MS, referenceOf, VERSION } from './stream.ts'
import { judge } from './verdict.ts'

const plan = { seed: 7, models: ['m0'], eventsPerPane: 10 }
const reference = referenceOf(plan, 'm0')
const references = new Map([['m0', reference]])
const events = Array.from({ length: 30 }, (_, number) => eventOf(plan, number))
/** A delta over some offsets of one partition, whose cells are found by the oracle's own way. */
function deltaOf(from: number, to: number, counted: readonly ChaosEvent[] = events.slice(from, to)) {
  const panes = Map.groupBy(counted, ({ at }) => Math.floor(at / PANE_MS) * PANE_MS)
  const { shape } = layoutOf(reference)
  const sources: DeltaSource[] = [{ topic: 'f', partition: 0, from, to, readUntil: counted.at(-1)!.at }]
  const delta: SketchDelta = {
    task: 0,
    flush: 0,
    part: 0,
    parts: 1,
    sources,
    watermark: counted.at(-1)!.at,
    idle: false,
    stream: emptyStreamCounts(),
    entries: [...panes].map(([paneStart, inPane]) => {
      const block = createFeatureBlock(shape)
      const oracle = new Recount(references)
      for (const event of inPane) oracle.addFeature(event, 0)
      const names = [...reference.features.keys()]
      for (const [name, count] of [...oracle.counts.values()][0]!) {
        const [feature, cell] = name.split(':')
        const position = names.indexOf(feature!)
        if (position < 0) continue
        const kind = reference.features.get(feature!)!.kind
        const end = shape.offsets[position + 1]!
        const missing = kind === 'numeric' ? end - 36 : end - 2
        block.cells[cell === 'missing' ? missing : shape.offsets[position]! + Number(cell)] = count
      }
      const performance = createPerformanceCounts('binary')
      const sketch = { events: inPane.length, unknownFeatures: 0, block, performance }
      return { model: 'm0', version: VERSION, paneStart, referenceId: reference.id, sketch }
    }),
  }
  return encodeDelta(delta)
}

async function verdictOf(deltas: readonly Uint8Array[]) {
  const log = openMemoryLog()
  await log.createTopics([{ topic: 's', partitions: 1 }])
  const producer = await log.openProducer()
  await producer.send(
    deltas.map((value) => ({ topic: 's', partition: 0, key: null, value, timestamp: events[0]!.at })),
  )
  const oracle = new Recount(references)
  for (const event of events) oracle.addFeature(event, 0)
  return judge(oracle, await readCommitted(log, 's', references), new Map([['f/0', events.length]]))
}

describe('the verdict on what stands committed', () => {
  it('finds nothing where every event was counted once', async () => {
    const verdict = await verdictOf([deltaOf(0, 12), deltaOf(12, 30)])
    expect(verdict).toEqual({ events: 30, lost: 0, doubled: 0, faults: [] })
  })

  it('sees a flush that was written twice', async () => {
    const verdict = await verdictOf([deltaOf(0, 12), deltaOf(0, 12), deltaOf(12, 30)])
    expect(verdict).toMatchObject({ lost: 0, doubled: 12 })
    expect(verdict.faults[0]).toBe('overlap in sketches/0: f/0 from 0, expected 12')
  })

  it('sees a flush that is missing, in the middle and at the end', async () => {
    const middle = await verdictOf([deltaOf(0, 12), deltaOf(20, 30)])
    expect(middle).toMatchObject({ lost: 8, doubled: 0 })
    expect(middle.faults[0]).toBe('gap in sketches/0: f/0 from 20, expected 12')
    const end = await verdictOf([deltaOf(0, 12)])
    expect(end).toMatchObject({ lost: 18, doubled: 0 })
    expect(end.faults.join()).toContain('and')
  })

  it('sees one event lost and another doubled in the same pane by their cells', async () => {
    const [first, second, ...rest] = events.slice(0, 12)
    const verdict = await verdictOf([deltaOf(0, 12, [first!, first!, ...rest]), deltaOf(12, 30)])
    expect(verdict).toMatchObject({ lost: 0, doubled: 0 })
    expect(second!.x).not.toBe(first!.x)
    expect(verdict.faults.length).toBeGreaterThan(0)
  })
})
