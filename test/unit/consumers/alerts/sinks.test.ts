import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { SlackSinkOptions, WebhookSinkOptions } from '../../../../src/config/alert-options.ts'
import { DeliveryRefused } from '../../../../src/consumers/alerts/alert-sink.ts'
import { createSlackSink } from '../../../../src/consumers/alerts/slack-sink.ts'
import { createWebhookSink } from '../../../../src/consumers/alerts/webhook-sink.ts'
import { ALERT_SUBJECTS, alertEventExample as alert, alertEvent } from '../../../../src/events/alert-event.ts'
import { type AlertReceiver, openAlertReceiver } from '../../../support/alert-receiver.ts'

const SECRET = 'hunter2-of-the-receiver'
const never = new AbortController().signal
let folder: string
let receiver: AlertReceiver
let webhook: WebhookSinkOptions
let slack: SlackSinkOptions

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'driftstream-alerts-'))
  receiver = await openAlertReceiver()
  writeFileSync(join(folder, 'secret'), `${SECRET}\n`)
  writeFileSync(join(folder, 'url'), `${receiver.url}/T0/B0/hush\n`)
  const base = {
    models: null,
    diagnoses: null,
    about: new Set(ALERT_SUBJECTS),
    severity: 'info',
    atMost: 1,
    perMs: 1,
    staleAfterMs: 1,
    giveUpAfterMs: 1,
    requestTimeLimitMs: 5_000,
  } as const
  const secret = { kind: 'file', path: join(folder, 'secret') } as const
  webhook = { ...base, kind: 'webhook', name: 'incidents', url: receiver.url, secret }
  slack = { ...base, kind: 'slack', name: 'on-call', url: { kind: 'file', path: join(folder, 'url') } }
})

afterEach(async () => {
  await receiver.close()
  rmSync(folder, { recursive: true, force: true })
})

it('a webhook gets a CloudEvent, signed over its id, time and body', async () => {
  await createWebhookSink(webhook, '/driftstream/alerter').deliver(alert, 2, never)
  const [{ headers, body } = { headers: {}, body: '' }] = receiver.received
  expect(headers['content-type']).toBe('application/cloudevents+json')
  expect(headers['webhook-id']).toBe(alert.id)
  const seconds = Number(headers['webhook-timestamp'])
  expect(Math.abs(Date.now() / 1_000 - seconds)).toBeLessThan(60)
  const hmac = createHmac('sha256', SECRET).update(`${alert.id}.${seconds}.${body}`).digest('base64')
  expect(headers['webhook-signature']).toBe(`v1,${hmac}`)
  const event = JSON.parse(body)
  expect(event).toMatchObject({
    specversion: '1.0',
    id: alert.id,
    type: 'io.driftstream.alert.v1',
    source: '/driftstream/alerter',
    subject: 'flights',
    time: '2001-03-12T02:00:00.000Z',
    suppressed: 2,
  })
  expect(alertEvent.parse(event.data)).toEqual(alert)
})

it('an incoming webhook of a chat gets a readable text', async () => {
  await createSlackSink(slack).deliver(alert, 0, never)
  const { text } = JSON.parse(receiver.received[0]!.body)
  expect(text).toContain('*flights 1: the data are broken*\norigin is missing in 31.0 %')
})

it.each([
  [400, true],
  [404, true],
  [301, true],
  [408, false],
  [429, false],
  [500, false],
  [503, false],
])('an answer %i is final: %s', async (status, isFinal) => {
  receiver.answer = () => status
  const failure = await createSlackSink(slack)
    .deliver(alert, 0, never)
    .catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(Error)
  expect(failure instanceof DeliveryRefused).toBe(isFinal)
  expect((failure as Error).message).toContain(`on-call, got ${status}`)
})

it('an answer that says when to come again is told with it', async () => {
  receiver.answer = () => 429
  receiver.headers = { 'retry-after': '7' }
  const failure = createSlackSink(slack).deliver(alert, 0, never)
  await expect(failure).rejects.toMatchObject({ name: 'NotBefore', waitMs: 7_000 })
})

it('no failure tells an address that is a secret', async () => {
  await receiver.close()
  const failure = await createSlackSink(slack)
    .deliver(alert, 0, never)
    .catch((error: unknown) => error as Error)
  expect(failure).toBeInstanceOf(Error)
  expect((failure as Error).message).not.toContain('hush')
  writeFileSync(join(folder, 'url'), 'no-address-hush')
  const refused = await createSlackSink(slack)
    .deliver(alert, 0, never)
    .catch((error: unknown) => error as Error)
  expect(refused).toBeInstanceOf(DeliveryRefused)
  expect((refused as Error).message).not.toContain('hush')
})
