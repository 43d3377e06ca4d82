import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import type { RegisteredSchema } from '../../../src/events/framed/schema.ts'
import { Metrics } from '../../../src/metrics/metrics.ts'
import { framedIds } from '../../../src/registry/framed-ids.ts'
import { SchemaTable, type SchemaTableOptions } from '../../../src/registry/schema-table.ts'
import { FAST_PACE, FakeRegistry } from '../../support/fake-registry.ts'
import { refusalCode } from '../../support/refusal.ts'

const JSON_SCHEMA: RegisteredSchema = { type: 'JSON', text: '{}', references: [] }

const tables: SchemaTable[] = []

function open(registry: FakeRegistry, options: Partial<SchemaTableOptions> = {}, metrics = new Metrics()) {
  const whole = { cacheMax: 100, unknownWaitMs: 0, outageMaxMs: 60_000, ...options }
  const table = new SchemaTable(registry, whole, { logger: pino({ level: 'silent' }), metrics }, FAST_PACE)
  tables.push(table)
  return table
}

const record = (id: number) => ({ value: Buffer.from([0, id >>> 24, id >>> 16, id >>> 8, id, 1]) })
const records = (...ids: number[]) => ids.map(record)
afterEach(() => {
  for (const table of tables.splice(0)) table.close()
})

describe('framedIds', () => {
  it('has each id once, and none of what is JSON, null, or cut off', () => {
    const others = [{ value: null }, { value: Buffer.from('{}') }, { value: Buffer.from([0, 1]) }]
    expect([...framedIds([...others, ...records(1, 1, 4_000_000_000, 1)])]).toEqual([1, 4_000_000_000])
  })
})

describe('SchemaTable', () => {
  it('asks for an id once, however many wait for it', async () => {
    const registry = new FakeRegistry()
    registry.known.set(1, JSON_SCHEMA)
    const table = open(registry)
    expect(table.lookUp(new Set([1]))).toBe(false)
    await Promise.all([table.settled(records(1)), table.settled(records(1, 1))])
    expect(table.lookUp(new Set([1]))).toBe(true)
    expect(table.decoderOf(1)(Buffer.from('{"a":1}'))).toEqual({ a: 1 })
    expect(registry.requestsFor(1)).toBe(1)
  })

  it('asks for several at a time, and for no more than four', async () => {
    const registry = new FakeRegistry()
    const ids = Array.from({ length: 30 }, (_, index) => index)
    for (const id of ids) registry.known.set(id, JSON_SCHEMA)
    await open(registry).settled(records(...ids))
    expect(registry.mostAtOnce).toBe(4)
  })

  it('waits for an id that the registry does not have, and finds what was registered late', async () => {
    const registry = new FakeRegistry()
    const table = open(registry, { unknownWaitMs: 60 })
    const settled = table.settled(records(1))
    while (registry.requestsFor(1) === 0) await sleep(1)
    registry.known.set(1, JSON_SCHEMA)
    await settled
    expect(refusalCode(() => table.decoderOf(1))).toBeNull()
    expect(registry.requestsFor(1)).toBe(2)
  })

  it('refuses an unknown id after the wait, and asks for it again in its time while nobody waits', async () => {
    const registry = new FakeRegistry()
    const table = open(registry, { unknownWaitMs: 30 })
    await table.settled(records(1))
    expect(refusalCode(() => table.decoderOf(1))).toBe('SCHEMA_UNKNOWN')
    const before = registry.requestsFor(1)
    for (let turn = 0; turn < 200; turn++) expect(table.lookUp(new Set([1]))).toBe(true)
    expect(registry.requestsFor(1)).toBe(before)
    registry.known.set(1, JSON_SCHEMA)
    while (refusalCode(() => table.decoderOf(1)) !== null) {
      expect(table.lookUp(new Set([1]))).toBe(true)
      await sleep(2)
    }
    const times = registry.asked.map(({ at }) => at)
    for (let index = 1; index < times.length; index++) {
      // A timer may come a millisecond early.
      expect(times[index]! - times[index - 1]!).toBeGreaterThanOrEqual(FAST_PACE.askAgainMs - 1)
    }
  })

  it('waits for no other id after it has waited in vain', async () => {
    const registry = new FakeRegistry()
    const table = open(registry, { unknownWaitMs: 30 })
    await table.settled(records(1))
    await table.settled(records(2, 3))
    expect(refusalCode(() => table.decoderOf(2))).toBe('SCHEMA_UNKNOWN')
    expect(registry.requestsFor(2)).toBe(1)
  })

  it('waits while the registry is away, asking one thing at a time, and goes on when it is back', async () => {
    const registry = new FakeRegistry()
    const metrics = new Metrics()
    const table = open(registry, {}, metrics)
    for (const id of [1, 2, 3, 4, 5, 6]) registry.known.set(id, JSON_SCHEMA)
    registry.isAway = true
    let waits = 0
    const settled = table.settled(records(1, 2, 3, 4, 5, 6), () => waits++)
    while (registry.asked.length < 12) await sleep(1)
    expect(table.isAway).toBe(true)
    const away = metrics
      .families()
      .find(({ definition }) => definition.name === 'driftstream_schema_registry_away')
    expect(away?.series[0]?.value).toBe(1)
    registry.mostAtOnce = 0
    while (registry.asked.length < 20) await sleep(1)
    expect(registry.mostAtOnce).toBe(1)
    registry.isAway = false
    await settled
    expect(table.isAway).toBe(false)
    expect(waits).toBeGreaterThan(0)
  })

  it('gives up when the registry has been away for too long, and when told to stop', async () => {
    const registry = new FakeRegistry()
    registry.isAway = true
    const patient = open(registry)
    const stop = new AbortController()
    const waiting = patient.settled(records(1), () => {}, stop.signal)
    const reason = new Error('stopped')
    stop.abort(reason)
    await expect(waiting).rejects.toBe(reason)
    await expect(patient.settled(records(1), () => {}, stop.signal)).rejects.toBe(reason)
    const table = open(registry, { outageMaxMs: 20 })
    await expect(table.settled(records(1))).rejects.toMatchObject({ code: 'SCHEMA_REGISTRY_UNAVAILABLE' })
  })

  it('refuses what is written with a schema that cannot be read', async () => {
    const registry = new FakeRegistry()
    registry.known.set(1, { type: 'AVRO', text: '{"type":"what"}', references: [] })
    registry.known.set(2, { type: 'XML', text: '', references: [] })
    const table = open(registry)
    await table.settled(records(1, 2))
    expect(refusalCode(() => table.decoderOf(1))).toBe('SCHEMA_INVALID')
    expect(refusalCode(() => table.decoderOf(2))).toBe('SCHEMA_INVALID')
  })

  it('keeps the schemas used last, and asks again for others', async () => {
    const registry = new FakeRegistry()
    for (let id = 0; id < 20; id++) registry.known.set(id, JSON_SCHEMA)
    const table = open(registry, { cacheMax: 10 })
    for (let id = 0; id < 20; id++) {
      await table.settled(records(id))
      await table.settled(records(0))
    }
    expect(registry.requestsFor(0)).toBe(1)
    await table.settled(records(1))
    expect(registry.requestsFor(1)).toBe(2)
  })

  it('knows nothing of an id that nobody looked up', () => {
    expect(refusalCode(() => open(new FakeRegistry()).decoderOf(1))).toBe('STATE_IMPOSSIBLE')
  })
})
