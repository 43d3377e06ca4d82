import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { TOPIC_DEFAULTS } from '../../src/config/defaults.ts'
import { topicSpecs } from '../../src/consumers/topics.ts'
import type { AlertEvent } from '../../src/events/alert-event.ts'
import { type DriftEvent, driftEventExample } from '../../src/events/drift-event.ts'
import { openKafkaLog } from '../../src/log/kafkajs/kafkajs-log.ts'
import type { Log, Producer } from '../../src/log/port.ts'
import { driftRecord } from '../../src/producers/control-events.ts'
import { type AlertReceiver, openAlertReceiver } from '../support/alert-receiver.ts'
import { describeKafka, kafka, uniqueName } from '../support/kafka.ts'
import { MAIN } from '../support/run-cli.ts'

const PARTITIONS = 2

/** A port that nobody listens on just now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

describeKafka('alerts on a real broker', () => {
  let directory: string
  let prefix: string
  let log: Log
  let producer: Producer
  let receiver: AlertReceiver
  const children: ChildProcess[] = []

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'driftstream-alerts-'))
    prefix = uniqueName('alerts')
    receiver = await openAlertReceiver()
    log = await openKafkaLog({ brokers: kafka.brokers!, clientId: prefix, connectTimeoutMs: 10_000 })
    producer = await log.openProducer()
    const names = Object.fromEntries(
      Object.keys(TOPIC_DEFAULTS).map((key) => [key, `${prefix}.${key}`]),
    ) as unknown as typeof TOPIC_DEFAULTS
    await log.createTopics(topicSpecs(names, PARTITIONS, 1))
    const topics = Object.entries(names).map(([key, name]) => `  ${key}: ${name}`)
    await writeFile(
      join(directory, 'driftstream.yaml'),
      `kafka: { brokers: [${kafka.brokers!.join(', ')}], sessionTimeout: 6s, transactionTimeout: 10s }
topics:
${topics.join('\n')}
group: ${prefix}
stream: { flushInterval: 100ms }
models: { flights: { version: 1, task: binary, features: { distance: numeric } } }
alerts: [{ name: receiver, kind: webhook, url: "${receiver.url}", secretVariable: RECEIVER_SECRET }]
log: { pretty: false }
`,
    )
  })

  afterEach(async () => {
    for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
    await producer.close()
    await log.close()
    await receiver.close()
    await rm(directory, { recursive: true, force: true })
  })

  it('arrive after the process that owed them was killed, with the same id, and not again after a clean stop', async () => {
    receiver.answer = () => 503
    const first = start()
    await tell('e1', 'started')
    await receiver.got(1)
    first.kill('SIGKILL')
    await once(first, 'exit')
    const before = receiver.received.length

    receiver.answer = () => 204
    const port = await freePort()
    const second = start({ DRIFTSTREAM_METRICS__PORT: String(port) })
    await receiver.got(before + 1)
    const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`)
    expect((await ask('/readyz')).status).toBe(200)
    expect((await ask('/healthz')).status).toBe(200)
    const metrics = await (await ask('/metrics')).text()
    expect(metrics).toContain('driftstream_process_ready{process="alerter"} 1\n')
    expect(metrics).toContain('driftstream_alert_attempts_total{sink="receiver"} 1\n')
    expect(metrics).toContain(`topic="${prefix}.driftEvents",partition="1"} `)
    await tell('e1', 'ongoing')
    await tell('e2', 'started')
    await receiver.got(before + 2)
    second.kill('SIGTERM')
    expect(await once(second, 'exit')).toEqual([0, null])

    const third = start()
    await tell('e1', 'resolved')
    await receiver.got(before + 3)
    third.kill('SIGTERM')
    expect(await once(third, 'exit')).toEqual([0, null])
    const told = receiver.received.slice(before - 1).map(({ body }): AlertEvent => JSON.parse(body).data)
    expect(told.map(({ episodeId, state }) => `${episodeId} ${state}`)).toEqual([
      'e1 started',
      'e1 started',
      'e2 started',
      'e1 resolved',
    ])
    expect(told[1]!.id).toBe(told[0]!.id)
    expect(receiver.received.at(-1)!.headers['webhook-signature']).toMatch(/^v1,/)
  }, 90_000)

  async function tell(episodeId: string, state: DriftEvent['state']): Promise<void> {
    const event = { ...driftEventExample, id: `${episodeId}-${state}`, episodeId, state }
    const to = { topic: `${prefix}.driftEvents`, partitions: PARTITIONS }
    await producer.send([driftRecord(event, to, { source: '/test', now: Date.now() })])
  }

  function start(environment: Record<string, string> = {}): ChildProcess {
    const child = spawn(process.execPath, [MAIN, 'alert', '-c', join(directory, 'driftstream.yaml')], {
      env: { ...process.env, RECEIVER_SECRET: 'hunter2', ...environment },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    children.push(child)
    return child
  }
})
