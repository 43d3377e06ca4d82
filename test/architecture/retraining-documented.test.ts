import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { parseConfig } from '../../src/config/load-config.ts'
import { type DeploymentEvent, deploymentEventExample } from '../../src/events/deployment-event.ts'
import { versionsOf } from '../../src/events/serving-route.ts'
import { routeOf } from '../support/small-serving.ts'

const page = readFileSync(new URL('../../docs/retraining.md', import.meta.url), 'utf8')

function blocks(language: string): string[] {
  return [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, block]) => block!,
  )
}

describe('docs/retraining.md', () => {
  it('shows stages that are the defaults', () => {
    const shown = blocks('yaml')
      .map((block) => parse(block))
      .find((each) => each.retraining?.rollout)
    const withRollout = (rollout: unknown) => {
      const flights = { version: 1, task: 'binary', features: { x: 'numeric' }, retraining: { rollout } }
      return parseConfig(
        stringify({ kafka: { brokers: ['localhost:9092'] }, models: { flights } }),
      ).models.get('flights')!.rollout
    }
    expect(withRollout(shown.retraining.rollout)).toEqual(withRollout({ shadow: {}, canary: {}, watch: {} }))
    expect(withRollout({})).toMatchObject({ shadow: null, canary: null, watch: null })
  })

  it('shows a predictor by ONNX that loads', () => {
    const { retraining } = blocks('yaml')
      .map((block) => parse(block))
      .find((each) => each.retraining?.predictor?.onnx)
    const features = { distance: 'numeric', hour: 'numeric' }
    const flights = { version: 1, task: 'binary', features, retraining }
    const text = stringify({ kafka: { brokers: ['localhost:9092'] }, models: { flights } })
    expect(parseConfig(text).models.get('flights')!.predictor).toMatchObject({
      kind: 'onnx',
      settings: { file: 'model.onnx', inputs: [['features', ['distance', 'hour']]], classes: ['0', '1'] },
    })
  })

  it('shows a serving side that routes as the deployments say', () => {
    const [source] = blocks('js')
    const event = (stage: DeploymentEvent['stage'], trafficShare: number, toVersion = '2') => {
      return { ...deploymentEventExample, stage, trafficShare, toVersion }
    }
    const story: [DeploymentEvent, (readonly string[])[]][] = [
      [event('accepted', 0), [['1'], ['1']]],
      [
        event('shadow', 0),
        [
          ['1', '2'],
          ['1', '2'],
        ],
      ],
      [
        event('refused', 0, '1'),
        [
          ['1', '2'],
          ['1', '2'],
        ],
      ],
      [event('awaiting-approval', 0), [['1'], ['1']]],
      [event('canary', 0.5), [['2'], ['1']]],
      [event('awaiting-approval', 0.5), [['2'], ['1']]],
      [event('promoted', 1), [['2'], ['2']]],
      [event('rolled-back', 0), [['1'], ['1']]],
      [event('canary', 0.25, '3'), [['3'], ['1']]],
      [event('rolled-back', 0, '3'), [['1'], ['1']]],
    ]
    const play = `${source}\nreturn events.map((event) => { heed(event); return [0, 0.999].map(versionsOf) })`
    const events = story.map(([each]) => each)
    expect(new Function('events', play)(events)).toEqual(story.map(([, answering]) => answering))
    // The serving side of the tests is another writing of the same.
    const routes = events.map((_, at) => routeOf(events.slice(0, at + 1), '1'))
    expect(routes.map(({ share }) => share)).toEqual([0, 0, 0, 0, 0.5, 0.5, 0, 0, 0.25, 0])
    expect(routes.map((route) => versionsOf('a', { ...route, share: Math.ceil(route.share) }))).toEqual(
      story.map(([, [first]]) => first),
    )
  })
})
