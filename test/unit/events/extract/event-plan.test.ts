import { describe, expect, it } from 'vitest'
import { planEvent } from '../../../../src/events/extract/event-plan.ts'
import { NO_SLOT } from '../../../../src/events/extract/key-table.ts'

describe('planEvent', () => {
  it('lays out nested paths', () => {
    const plan = planEvent({ id: 'meta.key', at: 'meta.time', features: 'payload', score: 'score' })
    const meta = plan.keys.slotOf(plan.root, 'meta')
    const inner = plan.objectAt(meta)
    expect(plan.readable).toBe(true)
    expect(plan.slots.get('id')).toBe(plan.keys.slotOf(inner, 'key'))
    expect(plan.slots.get('at')).toBe(plan.keys.slotOf(inner, 'time'))
    expect(plan.objectAt(plan.keys.slotOf(plan.root, 'payload'))).toBe(plan.features)
    expect(plan.objectValue).toBe(plan.slots.get('score'))
  })

  it('has one slot for two fields with one path', () => {
    const { slots } = planEvent({ id: 'key', version: 'key' })
    expect(slots.get('id')).toBe(slots.get('version'))
  })

  it('enters no object where a value is wanted too, and none among the features', () => {
    const plan = planEvent({ prediction: 'out', score: 'out.p', features: 'payload', id: 'payload.meta.id' })
    expect(plan.objectAt(plan.keys.slotOf(plan.root, 'out'))).toBe(NO_SLOT)
    expect(plan.objectAt(plan.keys.slotOf(plan.features, 'meta'))).toBe(NO_SLOT)
    expect(planEvent({ score: 'out', prediction: 'out.y' }).objectValue).toBe(NO_SLOT)
    expect(planEvent({ features: 'payload', score: 'payload.p' }).objectValue).toBe(NO_SLOT)
  })

  it('says where a name cannot be compared as bytes', () => {
    expect(planEvent({ id: 'say "id"' }).readable).toBe(false)
    expect(planEvent({ id: `meta.${'x'.repeat(200)}.id` }).readable).toBe(false)
  })
})
