import { expect, it } from 'vitest'
import { createDetectState, modelStateOf } from '../../../src/steps/detect-state.ts'
import { tellTriggers } from '../../../src/steps/trigger-status.ts'
import { smallModel, smallStream } from '../../support/small-options.ts'

const names = Array.from({ length: 1_001 }, (_, at) => `m${at}`)
const models = new Map(names.map((name) => [name, { ...smallModel, name }]))
const context = { stream: smallStream, models, taskCount: 1 }

it('says nothing before a pane has closed, and then of every model, in parts', () => {
  const state = createDetectState()
  for (const name of names) modelStateOf(state, name, context)
  expect(tellTriggers(state, 2)).toEqual([])
  state.closedUntil = 60_000
  const events = tellTriggers(state, 2)
  expect(events.map((event) => event.models.length)).toEqual([500, 500, 1])
  expect(new Set(events.map(({ id }) => id)).size).toBe(3)
  expect(events.flatMap((event) => event.models.map(({ model }) => model))).toEqual(names)
})

it('names the schedule that comes first, one that is due and held back before all', () => {
  const state = { ...createDetectState(), closedUntil: 60_000 }
  const model = modelStateOf(state, 'm0', context)!
  const schedule = { cron: '* * * * *', timezone: 'UTC', offsetMs: 0 }
  model.trigger = {
    ...model.trigger,
    schedules: [
      { ...schedule, name: 'late', nextAt: 900, dueAt: null },
      { ...schedule, name: 'never', nextAt: null, dueAt: null },
      { ...schedule, name: 'held', nextAt: 1_000, dueAt: 500 },
    ],
    inFlight: [{ requestId: 'r1', since: 0, attempt: null }],
  }
  expect(tellTriggers(state, 0)[0]!.models[0]).toMatchObject({ nextScheduleAt: 500, inFlight: ['r1'] })
})
