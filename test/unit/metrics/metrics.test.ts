import { describe, expect, it } from 'vitest'
import { METRICS } from '../../../src/metrics/catalogue.ts'
import { Metrics } from '../../../src/metrics/metrics.ts'
import { Tally } from '../../../src/metrics/tally.ts'

const valuesOf = (metrics: Metrics, name: string) =>
  metrics
    .families()
    .filter(({ definition }) => definition.name === name)
    .flatMap(({ series }) => series.map(({ labels, value }) => [Object.values(labels).join(), value]))

describe('Metrics', () => {
  it('tells what is read only while its reader is there, and adds up what several readers tell', () => {
    const metrics = new Metrics()
    const end = metrics.collect((set) => set(METRICS.inFlight, { model: 'm' }, 1))
    metrics.collect((set) => set(METRICS.inFlight, { model: 'm' }, 2))
    expect(valuesOf(metrics, METRICS.inFlight.name)).toEqual([['m', 3]])
    expect(valuesOf(metrics, METRICS.inFlight.name)).toEqual([['m', 3]])
    end()
    expect(valuesOf(metrics, METRICS.inFlight.name)).toEqual([['m', 2]])
  })

  it('takes hostile names for names', () => {
    const metrics = new Metrics()
    for (const model of ['__proto__', 'constructor']) metrics.add(METRICS.eventsCounted, { model }, 2)
    expect(valuesOf(metrics, METRICS.eventsCounted.name)).toEqual([
      ['__proto__', 2],
      ['constructor', 2],
    ])
  })

  it('stops at ten thousand series of one metric, counts what it leaves out, and goes on with those it has', () => {
    const metrics = new Metrics()
    for (let at = 0; at < 10_005; at++) metrics.add(METRICS.eventsCounted, { model: `m${at}` })
    metrics.add(METRICS.eventsCounted, { model: 'm7' })
    expect(valuesOf(metrics, METRICS.eventsCounted.name)).toHaveLength(10_000)
    expect(valuesOf(metrics, METRICS.eventsCounted.name)).toContainEqual(['m7', 2])
    expect(valuesOf(metrics, METRICS.seriesRefused.name)).toEqual([['', 5]])
  })
})

describe('Tally', () => {
  it('reaches the metrics when the transaction it belongs to is committed, and not before', () => {
    const metrics = new Metrics()
    const tally = new Tally(metrics)
    const counted = () => valuesOf(metrics, METRICS.lateEvents.name)
    tally.add(METRICS.lateEvents, {}, 3)
    tally.take()
    // Noted during the flush: of the next transaction.
    tally.add(METRICS.lateEvents, {}, 4)
    expect(counted()).toEqual([])
    tally.committed()
    expect(counted()).toEqual([['', 3]])
    tally.take()
    tally.committed()
    expect(counted()).toEqual([['', 7]])
  })

  it('forgets what had been counted before a restart', () => {
    const metrics = new Metrics()
    const tally = new Tally(metrics)
    tally.add(METRICS.lateEvents, {}, 3)
    tally.drop()
    tally.take()
    tally.committed()
    expect(metrics.families()).toEqual([])
  })
})
