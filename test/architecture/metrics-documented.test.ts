import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { METRICS } from '../../src/metrics/catalogue.ts'
import { readSources } from '../../tools/import-law/read-sources.ts'

const root = new URL('../../', import.meta.url).pathname
const page = readFileSync(`${root}docs/operations.md`, 'utf8')
const metrics = Object.values(METRICS)

describe('docs/operations.md', () => {
  it('lists the metrics there are, all of them and no others, with their kind, labels and words', () => {
    const rows = [...page.matchAll(/^\| `((?:driftstream|process|nodejs)_\w+)` \| (.*) \|$/gm)]
    expect(rows.map(([, name, rest]) => `${name} | ${rest}`)).toEqual(
      metrics.map(
        ({ name, kind, labels, help }) =>
          `${name} | ${kind} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help}`,
      ),
    )
  })

  it('asks for nothing but metrics there are, by labels they have', () => {
    const rules = /^groups:\n.*?^```$/ms.exec(page)![0].replace('```', '')
    const { groups } = parse(rules) as { groups: { rules: { expr: string }[] }[] }
    const questions = [...page.matchAll(/^\| [^|`]+ \| `(.+)` \|$/gm)].map(([, text = '']) => text)
    const asked = [...groups.flatMap((group) => group.rules.map(({ expr }) => expr)), ...questions]
    expect(groups[0]!.rules).toHaveLength(3)
    const used = asked.flatMap((text) => [...text.matchAll(/driftstream_\w+/g)].map(([name]) => name))
    expect(used.length).toBeGreaterThan(12)
    const names = new Set(
      metrics.flatMap(({ name, kind }) => (kind === 'histogram' ? [`${name}_bucket`] : [name])),
    )
    expect(used.filter((name) => !names.has(name))).toEqual([])
    for (const text of asked) {
      const known = new Set<string>(
        metrics
          .filter(({ name }) => text.includes(name))
          .flatMap((metric): readonly string[] => metric.labels),
      )
      const labels = [...text.matchAll(/by \(([\w, ]+)\)|\{(\w+)!?=/g)].flatMap(([, list, one]) =>
        (list ?? one ?? '').split(', '),
      )
      expect(
        labels.filter((label) => label !== 'le' && !known.has(label)),
        text,
      ).toEqual([])
    }
  })
})

describe('every metric', () => {
  const sources = [...readSources(`${root}src`)].filter(([file]) => file !== 'metrics/catalogue.ts')

  it.each(Object.keys(METRICS))('%s is counted or read somewhere', (key) => {
    expect(sources.some(([, text]) => text.includes(`METRICS.${key}`))).toBe(true)
  })
})
