import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseDocument, visit } from 'yaml'
import { fileSchema } from '../../../src/config/file-schema.ts'
import { loadConfig, parseConfig } from '../../../src/config/load-config.ts'
import { below } from '../../../src/config/schema-keys.ts'
import { triggersWithin } from '../../../src/triggers/members.ts'

const path = new URL('../../../driftstream.example.yaml', import.meta.url).pathname
const readFile = (file: string) => readFileSync(file, 'utf8')

describe('driftstream.example.yaml', () => {
  it('loads', () => {
    const { models } = loadConfig({ path, env: {}, readFile })
    const flights = models.get('flights')!
    expect([...flights.features.keys()]).toEqual(['hour', 'weekday', 'distance', 'origin', 'destination'])
    expect(flights.policy.trigger).toMatchObject({ kind: 'any' })
    expect(new Set(triggersWithin(flights.policy.trigger).map(({ kind }) => kind)).size).toBe(11)
    expect(flights.trainer).toMatchObject({ kind: 'command', environment: { OMP_NUM_THREADS: '2' } })
  })

  it('shows the defaults it speaks of', () => {
    const shown = loadConfig({ path, env: {}, readFile })
    const smallest = parseConfig(`
kafka: { brokers: [localhost:9092] }
models: { flights: { version: 1, task: binary, features: { distance: numeric } } }
`)
    // Nobody is told anything by default: the list shows what could be asked for.
    expect({ ...shown, models: null, alerts: undefined }).toEqual({ ...smallest, models: null })
    const [onCall] = shown.alerts!
    const [log] = parseConfig(`
kafka: { brokers: [localhost:9092] }
models: { flights: { version: 1, task: binary, features: { distance: numeric } } }
alerts: [{ name: on-call, kind: log }]
`).alerts!
    const ofExample = { kind: null, url: null, requestTimeLimitMs: null, diagnoses: null, about: null }
    expect({ ...onCall, ...ofExample }).toEqual({ ...log, ...ofExample })
    const [shownModel, smallestModel] = [shown.models.get('flights')!, smallest.models.get('flights')!]
    expect(shownModel.windows).toEqual(smallestModel.windows)
    expect(shownModel.detection).toEqual(smallestModel.detection)
    expect(shownModel.retraining).toEqual(smallestModel.retraining)
    // These have no value of their own that could be shown.
    const byExample = {
      trigger: null,
      requestBudget: null,
      quietHours: [],
      queueMax: null,
      trainingEvents: null,
    }
    expect({ ...shownModel.policy, ...byExample }).toEqual({ ...smallestModel.policy, trigger: null })
  })

  it('shows every key there is', () => {
    const shown = new Set<string>()
    visit(parseDocument(readFile(path)), {
      Pair(_key, pair) {
        shown.add(String(pair.key))
      },
    })
    // Of several shapes that exclude one another all but one are comments.
    for (const [, comment = ''] of readFile(path).matchAll(/# (\{ .*\})$/gm)) {
      for (const [, key = ''] of comment.matchAll(/(\w+):/g)) shown.add(key)
    }
    const keys = keysOf(fileSchema)
    expect(keys.length).toBeGreaterThan(70)
    expect(keys.filter((key) => !shown.has(key))).toEqual([])
  })
})

function keysOf(schema: Parameters<typeof below>[0], depth = 0): string[] {
  // Triggers nest without end; one level of members shows them all.
  if (depth > 8) return []
  const under = below(schema, undefined)
  if (under.kind === 'scalar') return []
  if (under.kind !== 'keys') return keysOf(under.schema, depth + 1)
  return [...under.schemas].flatMap(([key, child]) => [key, ...keysOf(child, depth + 1)])
}
