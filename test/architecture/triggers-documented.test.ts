import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseConfig } from '../../src/config/load-config.ts'
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
    // Three kinds share a section and one example.
    expect(kinds.filter((kind) => !shown.has(kind as never))).toEqual(['all'])
  })

  it('lists the guards there are, in the order they are asked', () => {
    const rows = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name)
    expect(rows).toEqual(GUARDS.map(({ name }) => name))
  })
})
