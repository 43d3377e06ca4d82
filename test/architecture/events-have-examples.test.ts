import { readdirSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import {
  type CloudEventIdentity,
  type CloudEventType,
  decodeCloudEvent,
  encodeCloudEvent,
} from '../../src/events/cloud-event.ts'
import { featureEvent, featureEventExample } from '../../src/events/feature-event.ts'
import { finding, findingExample } from '../../src/events/finding.ts'
import { labelEvent, labelEventExample } from '../../src/events/label-event.ts'
import {
  trainerInput,
  trainerInputExample,
  trainerResult,
  trainerResultExample,
} from '../../src/events/training-row.ts'

const folder = new URL('../../src/events/', import.meta.url)

interface EventModule {
  readonly file: string
  readonly exports: Readonly<Record<string, unknown>>
}

const modules: readonly EventModule[] = await Promise.all(
  readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && file !== 'index.ts')
    .map(async (file) => ({ file, exports: await import(pathToFileURL(`${folder.pathname}${file}`).href) })),
)

/** The topics' own events: everything that comes with a CloudEvents type. */
const cloudEvents = modules.flatMap(({ exports }) =>
  Object.entries(exports)
    .filter(([name]) => name.endsWith('EventType') || name.endsWith('RequestType'))
    .map(([name, value]) => ({
      name,
      type: value as CloudEventType<unknown>,
      example: exports[name.replace(/Type$/, 'Example')],
    })),
)

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
  it('were found: every file that describes one', () => {
    expect(cloudEvents.map(({ name }) => name).sort()).toEqual([
      'deploymentEventType',
      'driftEventType',
      'referenceEventType',
      'retrainRequestType',
    ])
    const files = modules.map(({ file }) => file).filter((file) => /-(event|request)\.ts$/.test(file))
    const described = [...cloudEvents, ...plain].map(({ name }) => name.replace(/Type$/, ''))
    const expected = files
      .filter((file) => file !== 'cloud-event.ts' && file !== 'decode-source-event.ts')
      .map((file) => file.replace('.ts', '').replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase()))
    expect(expected.length).toBeGreaterThanOrEqual(6)
    expect(described).toEqual(expect.arrayContaining(expected))
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
