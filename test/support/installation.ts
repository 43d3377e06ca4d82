import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TopicNames } from '../../src/config/options.ts'
import { openKafkaLog } from '../../src/log/kafkajs/kafkajs-log.ts'
import type { Log, Producer } from '../../src/log/port.ts'
import { kafka, uniqueName } from './kafka.ts'
import { MAIN } from './run-cli.ts'
import { topicLines, topicNames } from './topic-names.ts'

/** A process of the command line, and what it has said so far. */
export interface Started {
  readonly process: ChildProcess
  readonly said: { readonly stdout: string; readonly stderr: string }
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>
  /** Resolves once it has said so on either stream. @throws where it ended without */
  says(text: string): Promise<void>
}

/** What the configuration of a test says besides brokers, topics, group and log. */
export interface InstallationOptions {
  readonly name: string
  readonly partitions: number
  readonly connectTimeout?: string
  /** YAML: `stream`, `models` and the like. */
  readonly rest: (directory: string) => string
}

/** Topics, a configuration and processes of one test on the real broker. */
export class Installation {
  readonly directory: string
  readonly prefix: string
  readonly names: TopicNames
  /** Of every topic. */
  readonly partitions: number
  readonly log: Log
  readonly producer: Producer
  readonly #config: string
  readonly #children: ChildProcess[] = []

  private constructor(directory: string, prefix: string, partitions: number, log: Log, producer: Producer) {
    this.directory = directory
    this.prefix = prefix
    this.names = topicNames(`${prefix}.`)
    this.partitions = partitions
    this.log = log
    this.producer = producer
    this.#config = join(directory, 'driftstream.yaml')
  }

  static async open(options: InstallationOptions): Promise<Installation> {
    const directory = await mkdtemp(join(tmpdir(), `driftstream-${options.name}-`))
    const prefix = uniqueName(options.name)
    const log = await openKafkaLog({ brokers: kafka.brokers!, clientId: prefix, connectTimeoutMs: 10_000 })
    const installation = new Installation(
      directory,
      prefix,
      options.partitions,
      log,
      await log.openProducer(),
    )
    await writeFile(installation.#config, installation.#configuration(options))
    return installation
  }

  /** Starts the command line with these words, in this environment besides the test's own. */
  start(words: readonly string[], environment: Readonly<Record<string, string>> = {}): Started {
    const child = spawn(process.execPath, [MAIN, ...words, '-c', this.#config], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#children.push(child)
    const said = { stdout: '', stderr: '' }
    const note = (stream: keyof typeof said) => (chunk: Buffer) => {
      said[stream] += chunk
      child.emit('said')
    }
    child.stdout.on('data', note('stdout'))
    child.stderr.on('data', note('stderr'))
    const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...said }))
    const says = async (text: string) => {
      while (!`${said.stdout}${said.stderr}`.includes(text)) {
        const end = await Promise.race([once(child, 'said').then(() => null), ended])
        if (end !== null) throw new Error(`expected "${text}", it ended with ${end.code}: ${end.stderr}`)
      }
    }
    return { process: child, said, ended, says }
  }

  /** Runs the command line to its end. */
  run(...words: string[]): Started['ended'] {
    return this.start(words).ended
  }

  /** Kills what still runs. */
  async close(): Promise<void> {
    for (const child of this.#children) if (child.exitCode === null) child.kill('SIGKILL')
    await this.producer.close()
    await this.log.close()
    await rm(this.directory, { recursive: true, force: true })
  }

  #configuration({ partitions, connectTimeout = '10s', rest }: InstallationOptions): string {
    return `
kafka: { brokers: [${kafka.brokers!.join(', ')}], connectTimeout: ${connectTimeout} }
topics:
${topicLines(`${this.prefix}.`)}
  partitions: ${partitions}
  replicationFactor: 1
group: ${this.prefix}
${rest(this.directory)}
log: { level: info, pretty: false }
`
  }
}
