import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { alertEventExample, alertEventType } from '../../src/events/alert-event.ts'
import {
  type CloudEventIdentity,
  type CloudEventType,
  decodeCloudEvent,
  encodeCloudEvent,
} from '../../src/events/cloud-event.ts'
import { commandEventExample, commandEventType } from '../../src/events/command-event.ts'
import { comparisonEventExample, comparisonEventType } from '../../src/events/comparison-event.ts'
import { deploymentEventExample, deploymentEventType } from '../../src/events/deployment-event.ts'
import { driftEventExample, driftEventType } from '../../src/events/drift-event.ts'
import { featureEvent, featureEventExample } from '../../src/events/feature-event.ts'
import { finding, findingExample } from '../../src/events/finding.ts'
import { labelEvent, labelEventExample } from '../../src/events/label-event.ts'
import { referenceEventExample, referenceEventType } from '../../src/events/reference-event.ts'
import { retrainRequestExample, retrainRequestType } from '../../src/events/retrain-request.ts'
import { streamHealthEventExample, streamHealthEventType } from '../../src/events/stream-health-event.ts'
import {
  trainerInput,
  trainerInputExample,
  trainerResult,
  trainerResultExample,
} from '../../src/events/training-row.ts'

import { triggerStatusEventExample, triggerStatusEventType } from '../../src/events/trigger-status-event.ts'

const folder = new URL('../../src/events/', import.meta.url)

interface NamedEvent {
  readonly name: string
  readonly type: CloudEventType<unknown>
  readonly example: unknown
}

/** The topics' own events, and the alerts that go to receivers. */
const cloudEvents: readonly NamedEvent[] = [
  { name: 'alertEvent', type: alertEventType, example: alertEventExample },
  { name: 'commandEvent', type: commandEventType, example: commandEventExample },
  { name: 'comparisonEvent', type: comparisonEventType, example: comparisonEventExample },
  { name: 'deploymentEvent', type: deploymentEventType, example: deploymentEventExample },
  { name: 'driftEvent', type: driftEventType, example: driftEventExample },
  { name: 'referenceEvent', type: referenceEventType, example: referenceEventExample },
  { name: 'retrainRequest', type: retrainRequestType, example: retrainRequestExample },
  { name: 'streamHealthEvent', type: streamHealthEventType, example: streamHealthEventExample },
  { name: 'triggerStatusEvent', type: triggerStatusEventType, example: triggerStatusEventExample },
]

/** What comes in and goes out as plain JSON, or as a part of other events. */
const plain: readonly { readonly name: string; readonly schema: z.ZodType; readonly example: unknown }[] = [
  { name: 'featureEvent', schema: featureEvent, example: featureEventExample },
  { name: 'labelEvent', schema: labelEvent, example: labelEventExample },
  { name: 'finding', schema: finding, example: findingExample },
  { name: 'trainerInput', schema: trainerInput, example: trainerInputExample },
  { name: 'trainerResult', schema: trainerResult, example: trainerResultExample },
]

const identity: CloudEventIdentity = {
  id: '5be1a7c09d3e4f20',
  source: '/driftstream/detector',
  subject: 'flights',
  at: Date.UTC(2001, 0, 29),
}

describe('events', () => {
  it('are all here: every file under src/events that describes one', async () => {
    const files = readdirSync(folder).filter((file) => file.endsWith('.ts') && file !== 'index.ts')
    const modules = await Promise.all(files.map((file) => import(new URL(file, folder).href)))
    const exported = modules.flatMap((module) => Object.keys(module))
    const types = exported.filter((name) => /(Event|Request)Type$/.test(name))
    expect(types.sort()).toEqual(cloudEvents.map(({ name }) => `${name}Type`).sort())

    const described = [...cloudEvents, ...plain].map(({ name }) => name)
    const examples = exported.filter((name) => name.endsWith('Example'))
    expect(examples.sort()).toEqual(described.map((name) => `${name}Example`).sort())

    const named = files
      .filter((file) => /-(event|request)\.ts$/.test(file))
      .map((file) => file.replace('.ts', '').replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase()))
    expect(named.filter((name) => !described.includes(name))).toEqual([
      'cloudEvent',
      'decodeSourceEvent',
      'parseEvent',
    ])
  })

  it.each([
    ...cloudEvents.map(({ name, type, example }) => ({ name, schema: type.schema, example })),
    ...plain,
  ])('$name has an example that its schema takes as it is', ({ schema, example }) => {
    expect(example).toBeDefined()
    expect(schema.parse(example)).toEqual(example)
  })

  it.each(cloudEvents)('$name comes back from the wire as it went', ({ type, example }) => {
    const { value, headers } = encodeCloudEvent(type, identity, example)
    expect(decodeCloudEvent(type, value, headers)).toEqual(example)
  })

  it('have names of their own, in reverse-DNS, with a version', () => {
    const types = cloudEvents.map(({ type }) => type.type)
    expect(new Set(types).size).toBe(types.length)
    for (const type of types) expect(type).toMatch(/^io\.driftstream\.[a-z.]+\.v\d+$/)
  })
})
