import { parseArgs } from 'node:util'
import { type LocalKafka, startKafka } from './local-kafka.ts'

const USAGE = `npm run kafka -- [--brokers 1|3] [--port 19092] [--json]

Starts a local Apache Kafka and runs it until Ctrl-C. Its data is gone afterwards.

  --brokers 1|3   one broker (default), or three that replicate everything
  --port N        port of the first broker, the next ones follow it (default: free ports)
  --json          print one JSON object when ready: brokers, pids, folder
`

/** sysexits.h: the command was used wrongly. */
const EX_USAGE = 64

interface Arguments {
  readonly brokers: 1 | 3
  readonly port: number | undefined
  readonly json: boolean
}

function readArguments(): Arguments {
  const { values } = parseArgs({
    options: {
      brokers: { type: 'string', default: '1' },
      port: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(USAGE)
    process.exit(0)
  }
  if (values.brokers !== '1' && values.brokers !== '3') {
    throw new Error(`--brokers: expected 1 or 3, got ${values.brokers}`)
  }
  const brokers = values.brokers === '1' ? 1 : 3
  const port = values.port === undefined ? undefined : Number(values.port)
  if (port !== undefined && !(Number.isInteger(port) && port >= 1 && port + brokers - 1 <= 65_535)) {
    throw new Error(`--port: expected a port number, got ${values.port}`)
  }
  return { brokers, port, json: values.json }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

function fail(error: unknown, code: number): never {
  say((error as Error).message)
  process.exit(code)
}

/** Tells of brokers that end by themselves, and leaves when none is left. */
function watch(kafka: LocalKafka, isStopping: () => boolean): void {
  for (const node of kafka.nodes) {
    void node.ended().then(async (how) => {
      if (isStopping()) return
      say(`broker ${node.nodeId} ended with ${how}`)
      if (kafka.nodes.some((other) => other.isRunning())) return
      await kafka.stop()
      process.exit(1)
    })
  }
}

let options: Arguments
try {
  options = readArguments()
} catch (error) {
  say(USAGE)
  fail(error, EX_USAGE)
}

let kafka: LocalKafka | null = null
let stopping = false
for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.on(signal, () => {
    // Still starting, or asked a second time: leaving is enough, the watchdog ends what runs.
    if (kafka === null || stopping) process.exit(exitCode)
    stopping = true
    say('stopping Kafka')
    void kafka.stop().then(
      () => process.exit(0),
      (error) => fail(error, 1),
    )
  })
}

try {
  const { brokers, port, json } = options
  kafka = await startKafka({ brokers, report: say, ...(port === undefined ? {} : { port }) })
  watch(kafka, () => stopping)
  const addresses = kafka.brokers.join(',')
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ brokers: kafka.brokers, pids: kafka.pids, folder: kafka.folder })}\n`,
    )
  } else {
    process.stdout.write(`Kafka is ready at ${addresses} (Ctrl-C stops it and removes its data)\n`)
  }
} catch (error) {
  fail(error, 1)
}
