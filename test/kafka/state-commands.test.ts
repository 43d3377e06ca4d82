import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { StatusReport } from '../../src/consumers/status.ts'
import { openKafkaLog } from '../../src/log/kafkajs/kafkajs-log.ts'
import type { Log, Producer } from '../../src/log/port.ts'
import { referenceRecord } from '../../src/producers/control-events.ts'
import { featureRecord, labelRecord } from '../../src/producers/source-events.ts'
import { toReferenceEvent } from '../../src/sketches/reference-wire.ts'
import { describeKafka, kafka, uniqueName } from '../support/kafka.ts'
import { smallReference } from '../support/small-pipeline.ts'
import { featureEventOf, labelEventOf, minuteOf, type SmallWorld } from '../support/small-world.ts'
import { topicLines } from '../support/topic-names.ts'

const MAIN = new URL('../../src/cli/main.ts', import.meta.url).pathname
const PARTITIONS = 2
const BAD = 5
const world: SmallWorld = {
  startMs: Date.UTC(2026, 0, 5),
  turnsAtMinute: 1e6,
  eventsPerMinute: 100,
  seed: 21,
}

describeKafka('what is kept and told of a running installation, on a real broker', () => {
  let directory: string
  let config: string
  let prefix: string
  let log: Log
  let producer: Producer
  const children: ChildProcess[] = []

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'driftstream-state-'))
    prefix = uniqueName('state')
    config = join(directory, 'driftstream.yaml')
    await writeFile(config, configuration())
    log = await openKafkaLog({ brokers: kafka.brokers!, clientId: prefix, connectTimeoutMs: 10_000 })
    producer = await log.openProducer()
  })

  afterEach(async () => {
    for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
    await producer.close()
    await log.close()
    await rm(directory, { recursive: true, force: true })
  })

  it('status, dead letters sent back once, and a detector that starts from its snapshot', async () => {
    expect((await run('topics', 'create', '--keep-forever')).code).toBe(0)
    const references = { topic: `${prefix}.references`, partitions: PARTITIONS }
    const stamp = { source: '/test', now: world.startMs }
    await producer.send([referenceRecord(toReferenceEvent(smallReference(world)), references, stamp)])
    const first = start('run')
    for (let minute = 0; minute < 6; minute++) await play(minute)
    await producer.send(
      Array.from({ length: BAD }, (_, index) => ({
        topic: `${prefix}.features`,
        partition: 1,
        key: Buffer.from(`k${index}`),
        value: Buffer.from('{"model":'),
        timestamp: world.startMs,
      })),
    )
    const status = await settled()
    expect(status.models).toMatchObject([{ model: 'small', champion: '1', openEpisodes: [] }])
    expect(status.health).toMatchObject({ state: 'whole', totals: { gaps: 0, overlaps: 0 } })

    const listed = JSON.parse((await run('dlq', 'list', '--json')).output)
    expect(listed).toHaveLength(BAD)
    expect(listed[0]).toMatchObject({ code: 'EVENT_UNDECODABLE', replayed: false })
    const shown = await run('dlq', 'show', listed[0].place)
    expect(shown.output).toContain('{"model":')
    expect((await run('dlq', 'replay', '--all', '--dry-run')).output).toContain(`${BAD} would be sent back`)
    expect((await run('dlq', 'replay', '--code', 'EVENT_UNDECODABLE')).output).toContain(
      `${BAD} sent back, 0 were sent back before`,
    )
    await settled()
    // Refused again, they are letters of their own; the first ones stay where they are.
    expect((await run('dlq', 'replay', '--all', '--dry-run')).output).toContain(
      `${BAD} would be sent back, ${BAD} were sent back before`,
    )

    const asked = performance.now()
    first.process.kill('SIGTERM')
    expect(await first.exited).toBe(0)
    expect(performance.now() - asked).toBeLessThan(10_000)

    const second = start('detect')
    await second.says('detector state rebuilt')
    await second.says('tasks assigned')
    expect(second.output()).toContain('"fromSnapshot":true')
    expect(second.output()).not.toContain('snapshot not used')
    second.process.kill('SIGTERM')
    expect(await second.exited).toBe(0)
  }, 90_000)

  async function play(minute: number): Promise<void> {
    const events = minuteOf(world, minute)
    const features = { topic: `${prefix}.features`, partitions: PARTITIONS }
    const labels = { topic: `${prefix}.labels`, partitions: PARTITIONS }
    await producer.send([
      ...events.map((event) => featureRecord(featureEventOf(event, '1'), features)),
      ...events.map((event) => labelRecord(labelEventOf(event), labels)),
    ])
  }

  /** Asks for the status until everything sent has been counted and judged; the test's own time bounds it. */
  async function settled(): Promise<StatusReport> {
    for (;;) {
      const { output } = await run('status', '--json')
      const status = JSON.parse(output) as StatusReport
      const observed = status.positions.filter(({ process }) => process === 'observer')
      const isCounted = observed.every(({ lag }) => lag <= 1)
      // Behind the last sketch there may be the marker of its transaction.
      const isJudged = status.positions.every(({ process, lag }) => process !== 'detector' || lag <= 2)
      if (isCounted && isJudged && status.health !== null) return status
    }
  }

  function start(...words: string[]) {
    const child = spawn(process.execPath, [MAIN, ...words, '-c', config], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    children.push(child)
    let output = ''
    const note = (chunk: Buffer) => {
      output += chunk
      child.emit('said')
    }
    child.stdout.on('data', note)
    child.stderr.on('data', note)
    const exited = once(child, 'exit').then(([code]) => code as number | null)
    const says = async (text: string) => {
      while (!output.includes(text)) await once(child, 'said')
    }
    return { process: child, exited, output: () => output, says }
  }

  async function run(...words: string[]) {
    const child = spawn(process.execPath, [MAIN, ...words, '-c', config], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    const [code] = await once(child, 'close')
    return { code: code as number, output }
  }

  function configuration(): string {
    return `
kafka: { brokers: [${kafka.brokers!.join(', ')}], connectTimeout: 10s }
topics:
${topicLines(`${prefix}.`)}
  partitions: ${PARTITIONS}
  replicationFactor: 1
group: ${prefix}
stream: { paneLength: 1m, grace: 0s, labelWait: 30m, flushInterval: 100ms, snapshotAfter: 0B, pastMax: 9999d }
models:
  small: { version: 1, task: binary, features: { x: numeric, c: categorical } }
log: { level: info, pretty: false }
`
  }
})
