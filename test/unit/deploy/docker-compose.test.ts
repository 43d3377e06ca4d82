import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseConfig } from '../../../src/config/load-config.ts'
import { KAFKA_VERSION } from '../../../tools/kafka/installation.ts'

interface Service {
  readonly image: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string | number>>
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly volumes?: readonly string[]
  readonly ports?: readonly string[]
}

const ROOT = join(import.meta.dirname, '../../..')
const text = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8')
const { services } = parse(text, { merge: true }) as { services: Record<string, Service> }
const PROCESSES = ['observer', 'detector', 'retrainer']

describe('the services of docker-compose.yml', () => {
  it('are the broker, its topics and the three processes', () => {
    expect(Object.keys(services)).toEqual(['kafka', 'topics', ...PROCESSES])
  })

  it('run the Kafka that the tests run', () => {
    expect(services.kafka?.image).toBe(`apache/kafka:${KAFKA_VERSION}`)
  })

  it.each(Object.keys(services).filter((name) => name !== 'topics'))('%s has a health check', (name) => {
    expect(services[name]?.healthcheck?.test[0]).toBe('CMD')
  })

  it.each(PROCESSES)('%s waits for a healthy broker and for the topics to be made', (name) => {
    expect(services[name]?.depends_on).toEqual({
      kafka: { condition: 'service_healthy' },
      topics: { condition: 'service_completed_successfully' },
    })
  })

  it('the broker can hold transactions and groups alone, and advertises each address it listens on', () => {
    const environment = services.kafka?.environment ?? {}
    const replications = Object.entries(environment).filter(([name]) =>
      /REPLICATION_FACTOR$|MIN_ISR$|MIN_INSYNC_REPLICAS$/.test(name),
    )
    expect(replications.map(([, value]) => value)).toEqual([1, 1, 1, 1, 1, 1, 1])
    const listeners = (name: string): string[] =>
      String(environment[name])
        .split(',')
        .map((listener) => listener.replace(/:\/\/.*:/, ':'))
    expect(listeners('KAFKA_LISTENERS')).toEqual([
      ...listeners('KAFKA_ADVERTISED_LISTENERS'),
      'CONTROLLER:9093',
    ])
  })
})

describe('the health check of a process', () => {
  let folder: string
  const file = (): string => join(folder, 'health')
  const ask = (): number | null => {
    const [, ...command] = services.detector!.healthcheck!.test
    expect(command[0]).toBe('node')
    const env = { ...process.env, DRIFTSTREAM_HEALTH_FILE: file() }
    return spawnSync(process.execPath, command.slice(1), { env }).status
  }

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'driftstream-health-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('fails as long as there is no file', () => {
    expect(ask()).toBe(1)
  })

  it('passes while the file is fresh and fails when it has aged', () => {
    writeFileSync(file(), '')
    expect(ask()).toBe(0)
    const aged = Date.now() / 1000 - 60
    utimesSync(file(), aged, aged)
    expect(ask()).toBe(1)
  })
})

describe('the configuration in the containers', () => {
  const config = readFileSync(join(ROOT, 'deploy/driftstream.yaml'), 'utf8')
  const options = parseConfig(
    config,
    Object.fromEntries(
      Object.entries(services.observer?.environment ?? {}).map(([name, value]) => [name, String(value)]),
    ),
  )

  it('is mounted where every command reads it', () => {
    for (const name of ['topics', ...PROCESSES]) {
      const path = services[name]?.command?.at(-1)
      expect(services[name]?.volumes).toContain(`./deploy/driftstream.yaml:${path}:ro`)
    }
  })

  it('names the broker as it is known between containers, and asks for no more replicas than there are', () => {
    const advertised = String(services.kafka?.environment?.KAFKA_ADVERTISED_LISTENERS)
    expect(advertised.split(',')).toContain(`CONTAINERS://${options.kafka.brokers}`)
    expect(options.topics.replicationFactor).toBe(1)
  })

  it('has the processes tell their metrics, on the host to nobody but the host', () => {
    expect(options.metrics).toEqual({ host: '0.0.0.0', port: 9464 })
    for (const name of PROCESSES) expect(services[name]?.ports).toEqual(['127.0.0.1::9464'])
  })

  it('starts a trainer that is mounted, with all it imports', () => {
    const { trainer } = options.models.get('flights')!
    if (trainer?.kind !== 'command') throw new Error('expected a command')
    const { command, workingDirectory } = trainer
    expect(existsSync(join(ROOT, command[1]!))).toBe(true)
    expect(services.retrainer?.volumes).toEqual(
      expect.arrayContaining([
        `./examples:${workingDirectory}/examples:ro`,
        `./src:${workingDirectory}/src:ro`,
      ]),
    )
  })
})

describe('the Dockerfile', () => {
  const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8')

  it('runs the Node the tests run on, in every stage', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
    const images = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image)
    expect(images).toEqual([`node:${devDependencies.node}-slim`, `node:${devDependencies.node}-slim`])
  })

  it('copies from the repository what .dockerignore lets through, and nothing else is let through', () => {
    const copies = [...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, names]) =>
      names!.split(' '),
    )
    const [everything, ...excepted] = readFileSync(join(ROOT, '.dockerignore'), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
    expect(everything).toBe('*')
    expect(excepted.map((line) => line.replace(/^!/, '')).sort()).toEqual([...copies].sort())
  })

  it('does not run as root, and runs node itself', () => {
    expect(dockerfile).toMatch(/^USER node$/m)
    expect(dockerfile).toMatch(/^ENTRYPOINT \["node", "--initial-heap-size=128", "dist\/cli\/main.js"\]$/m)
  })
})
