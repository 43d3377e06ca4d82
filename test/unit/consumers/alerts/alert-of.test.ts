import { describe, expect, it } from 'vitest'
import {
  alertOfDeployment,
  alertOfEpisode,
  alertOfRequest,
} from '../../../../src/consumers/alerts/alert-of.ts'
import { slackText } from '../../../../src/consumers/alerts/slack-sink.ts'
import { alertEvent } from '../../../../src/events/alert-event.ts'
import { deploymentEventExample, deploymentStage } from '../../../../src/events/deployment-event.ts'
import { diagnosis, driftEventExample } from '../../../../src/events/drift-event.ts'
import { findingExample } from '../../../../src/events/finding.ts'
import { retrainRequestExample } from '../../../../src/events/retrain-request.ts'

describe('an alert', () => {
  it.each(diagnosis.options)('of an episode diagnosed %s says what to do', (name) => {
    const alert = alertOfEpisode({ ...driftEventExample, diagnosis: name }, 'started')
    expect(alertEvent.parse(alert)).toEqual(alert)
    expect(alert.advice).toMatch(/\.$/)
    expect(alert.since).toBe(driftEventExample.changedAt)
  })

  it('says how sure it is, from the finding on which most rests', () => {
    const findings = [{ ...findingExample, alpha: 0.000123456 }]
    const { sureness, what } = alertOfEpisode(
      { ...driftEventExample, findings, summary: 'origin' },
      'started',
    )
    expect(sureness).toBe(
      'p = 1e-80, where the budget of false alarms allows 0.000123; the effect lies between 0.28 and 0.34; 912 values against 471203',
    )
    expect(what).toBe(`origin\n${findingExample.message}`)
  })

  it('tells five findings and counts the others', () => {
    const findings = Array.from({ length: 8 }, (_, at) => ({
      ...findingExample,
      message: `feature ${at} moved`,
    }))
    const { what } = alertOfEpisode({ ...driftEventExample, findings, summary: 'much moved' }, 'started')
    expect(what.split('\n')).toEqual([
      'much moved',
      ...[0, 1, 2, 3, 4].map((at) => `feature ${at} moved`),
      'and 3 more',
    ])
  })

  it('of an episode that is over asks for nothing', () => {
    const alert = alertOfEpisode({ ...driftEventExample, state: 'resolved' }, 'resolved')
    expect(alert).toMatchObject({ advice: 'Nothing.', sureness: '' })
    expect(alert.title).toContain('that is over')
  })

  it('of a request names it, and its trigger', () => {
    const alert = alertOfRequest(retrainRequestExample)
    expect(alertEvent.parse(alert)).toEqual(alert)
    expect(alert).toMatchObject({
      severity: 'critical',
      requestId: retrainRequestExample.id,
      state: 'requested',
    })
    expect(alert.what).toBe('performance: auc fell by 0.211')
  })

  it('of a deployment comes at the stages people want to hear of, with the gates that failed', () => {
    const told = deploymentStage.options.filter(
      (stage) => alertOfDeployment({ ...deploymentEventExample, stage }) !== null,
    )
    expect(told).toEqual(['rejected', 'awaiting-approval', 'promoted', 'rolled-back', 'failed', 'timed-out'])
    const [gate] = deploymentEventExample.gates
    const gates = [gate!, { ...gate!, passed: false, message: 'too few rows' }]
    const alert = alertOfDeployment({ ...deploymentEventExample, stage: 'rejected', gates })!
    expect(alertEvent.parse(alert)).toEqual(alert)
    expect(alert.sureness).toBe('failed: too few rows')
  })

  it('has the id of its cause, and so the same after a restart', () => {
    const ids = [
      alertOfEpisode(driftEventExample, 'started'),
      alertOfRequest(retrainRequestExample),
      alertOfDeployment(deploymentEventExample)!,
    ].map(({ id }) => id)
    expect(new Set(ids).size).toBe(3)
    expect(alertOfRequest(retrainRequestExample).id).toBe(ids[1])
  })
})

describe('slackText', () => {
  const alert = alertOfEpisode({ ...driftEventExample, summary: 'a <b> & @here' }, 'started')

  it('is what moved, since when, how sure and what to do, with markup of others escaped', () => {
    const lines = slackText(alert, 3).split('\n')
    expect(lines[0]).toBe(`:${alert.severity === 'critical' ? 'red' : 'white'}_circle: *${alert.title}*`)
    expect(lines).toContain('a &lt;b&gt; &amp; @here')
    expect(lines).toContain(`*Since* ${new Date(driftEventExample.changedAt).toISOString()}`)
    expect(lines.some((line) => line.startsWith('*How sure* '))).toBe(true)
    expect(lines).toContain(`*What to do* ${alert.advice}`)
    expect(lines.at(-1)).toBe('3 alerts before this one were held back by the rate limit.')
  })

  it('is cut at what a receiver takes', () => {
    expect(slackText({ ...alert, what: 'x'.repeat(5_000) }, 0)).toHaveLength(3_000)
  })
})
