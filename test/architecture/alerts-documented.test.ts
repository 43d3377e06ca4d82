import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseConfig } from '../../src/config/load-config.ts'
import { alertOfDeployment, alertOfEpisode } from '../../src/consumers/alerts/alert-of.ts'
import { alertEventExample } from '../../src/events/alert-event.ts'
import { deploymentEventExample, deploymentStage } from '../../src/events/deployment-event.ts'
import { diagnosis, driftEventExample } from '../../src/events/drift-event.ts'

const page = readFileSync(new URL('../../docs/alerts.md', import.meta.url), 'utf8')
const block = (language: string) => new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'ms').exec(page)![1]!

const configured = (alerts: string) =>
  parseConfig(`{ kafka: { brokers: [localhost:9092] }, alerts: ${alerts},
    models: { flights: { version: 1, task: binary, features: { distance: numeric } } } }`).alerts!

describe('docs/alerts.md', () => {
  it('shows a configuration that loads, of every kind', () => {
    const { alerts } = parse(block('yaml')) as { alerts: unknown[] }
    expect(configured(JSON.stringify(alerts)).map(({ kind }) => kind)).toEqual(['slack', 'webhook', 'log'])
  })

  it('shows the example of the code', () => {
    expect(JSON.parse(block('json'))).toEqual(alertEventExample)
  })

  it('gives every diagnosis and stage the severity it has', () => {
    const [first = ''] = [...page.matchAll(/^\| episode `started` \|.*\| (.*) \|$/gm)].map(([, text]) => text)
    for (const name of diagnosis.options) {
      const { severity } = alertOfEpisode({ ...driftEventExample, diagnosis: name }, 'started')
      expect(first, name).toMatch(new RegExp(`\`${name}\`[^,]*${severity}`))
    }
    const rows = [...page.matchAll(/^\| deployment \| (.*) \| (\w+) \|$/gm)].flatMap(
      ([, stages = '', severity]) =>
        [...stages.matchAll(/`([\w-]+)`/g)].map(([, stage]) => `${stage} ${severity}`),
    )
    const told = deploymentStage.options.flatMap((stage) => {
      const alert = alertOfDeployment({ ...deploymentEventExample, stage })
      return alert === null ? [] : [`${stage} ${alert.severity}`]
    })
    expect(rows.sort()).toEqual(told.sort())
  })

  it('gives every key its default', () => {
    const [sink] = configured('[{ name: here, kind: log }]')
    expect(sink).toMatchObject({
      models: null,
      diagnoses: null,
      about: new Set(['episode', 'request', 'deployment']),
      severity: 'info',
      atMost: 30,
      perMs: 3_600_000,
      staleAfterMs: 86_400_000,
      giveUpAfterMs: 300_000,
    })
    for (const told of ['| `info` |', '| 30 in 1h |', '| 1d |', '| 5m |', '| 10s |'])
      expect(page).toContain(told)
  })
})
