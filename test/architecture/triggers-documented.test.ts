import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseConfig } from '../../src/config/load-config.ts'
import { namesBelow } from '../../src/config/schema-keys.ts'
import { triggersSchema } from '../../src/config/triggers-schema.ts'
import { GUARDS } from '../../src/triggers/guards.ts'
import { triggersWithin } from '../../src/triggers/members.ts'

const page = readFileSync(new URL('../../docs/triggers.md', import.meta.url), 'utf8')
const examples = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, block = '']) => block)

const policyOf = (block: string) => {
  const triggers = JSON.stringify(parse(block))
  const model = `{ version: 1, task: binary, features: { distance: numeric }, triggers: ${triggers} }`
  return parseConfig(`{ kafka: { brokers: [localhost:9092] }, models: { flights: ${model} } }`).models.get(
    'flights',
  )!.policy
}

const keysOfTriggers = namesBelow(triggersSchema, {})

describe('docs/triggers.md', () => {
  it('shows policies that load', () => {
    expect(examples.length).toBeGreaterThan(14)
    for (const block of examples) expect(() => policyOf(block), block).not.toThrow()
  })

  it('has a section with an example for every kind of trigger', () => {
    const headings = [...page.matchAll(/^### (.+)$/gm)].flatMap(([, heading = '']) => heading.split(', '))
    const shown = new Set(
      examples.map(policyOf).flatMap(({ trigger }) => triggersWithin(trigger).map(({ kind }) => kind)),
    )
    const kinds = headings.filter((heading) => /^[a-z-]+$/.test(heading))
    expect(kinds).toHaveLength(13)
    expect(kinds.filter((kind) => !shown.has(kind as never))).toEqual([])
  })

  it('lists the guards there are, in the order they are asked', () => {
    const [, table = ''] = /^\| guard \|.*\n\|[-|]+\|\n((?:\|.*\n)+)/m.exec(page)!
    const rows = [...table.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name)
    expect(rows).toEqual(GUARDS.map(({ name }) => name))
  })

  it('says the default of every key', () => {
    const table = /^\| key \| default \|\n\|[-|]+\|\n((?:\|.*\n)+)/m.exec(page)![1]!
    const rows = [...table.matchAll(/^\| `(\w+)` \| (?:`(.+?)`|none)/gm)]
    expect(rows.map(([, key]) => key).sort()).toEqual([...keysOfTriggers].sort())
    for (const [, key, value] of rows) {
      const written = value === undefined ? '{}' : `{ ${key}: ${value} }`
      expect(policyOf(written), written).toEqual(policyOf('{}'))
    }
    const others = { hysteresis: '{ panes: 3 }', cooldown: '3d', inFlightTimeout: '5h' }
    const { hysteresis, deploymentCooldownMs, deadlineMs } = policyOf(
      Object.entries(others)
        .map(([key, value]) => `${key}: ${value}`)
        .join('\n'),
    )
    expect([hysteresis, deploymentCooldownMs, deadlineMs]).toEqual([
      { panes: 3, of: 3 },
      3 * 86_400_000,
      5 * 3_600_000,
    ])
  })

  it('says the default of every option of a trigger', () => {
    const table = /^\| written \| is the same as \|\n\|[-|]+\|\n((?:\|.*\n)+)/m.exec(page)![1]!
    const rows = [...table.matchAll(/^\| `(.+?)` \| `(.+?)` \|$/gm)]
    expect(rows).toHaveLength(8)
    for (const [, short = '', long = ''] of rows) {
      const [one, same] = [short, long].map((text) =>
        policyOf(text.startsWith('{') ? `trigger: ${text}` : text),
      )
      expect(one, short).toEqual(same)
    }
  })
})
