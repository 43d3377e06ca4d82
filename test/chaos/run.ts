import { parseArgs } from 'node:util'
import { type Cluster, startCluster } from './cluster.ts'
import { play, toLine } from './scenario.ts'
import { SCENARIOS } from './scenarios/index.ts'

const USAGE = `npm run test:chaos -- [T1 …] [--seed n] [--brokers 1|3] [--minutes n] [--json] [--quick]

Plays scenarios of failure with real processes on a local Apache Kafka, and compares what stands committed
with a recount of what was produced. Without names all are played, the soak (T16) only by name.

  --seed n        events and strikes follow from it (default: 1)
  --brokers 1|3   play on so many brokers instead of each scenario's own
  --minutes n     length of the soak (default: 60)
  --json          one JSON object a line
  --quick         some thousand events instead of some hundred thousand
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    brokers: { type: 'string' },
    minutes: { type: 'string', default: '60' },
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

function fail(message: string): never {
  process.stderr.write(`${message}\n${USAGE}`)
  process.exit(2)
}

if (values.help) {
  process.stdout.write(USAGE)
  process.exit(0)
}
if (values.brokers !== undefined && !['1', '3'].includes(values.brokers)) fail('--brokers: expected 1 or 3')
const unknown = positionals.filter((id) => !SCENARIOS.some((scenario) => scenario.id === id))
if (unknown.length > 0) fail(`expected names of ${SCENARIOS.map(({ id }) => id)}, got ${unknown}`)

const options = { seed: Number(values.seed), quick: values.quick, minutes: Number(values.minutes) }
if (!Number.isInteger(options.seed) || !(options.minutes > 0)) fail('expected a whole seed and some minutes')

const chosen = SCENARIOS.filter(({ id }) =>
  positionals.length > 0 ? positionals.includes(id) : id !== 'T16',
).map((scenario) =>
  values.brokers === undefined ? scenario : { ...scenario, brokers: Number(values.brokers) as 1 | 3 },
)

// A run that was ended from outside must not look like one that crashed, or passed.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    process.stderr.write(`ended by ${signal} in the middle of a run\n`)
    process.exit(1)
  })
}

let failed = false
for (const brokers of [1, 3] as const) {
  const scenarios = chosen.filter((scenario) => scenario.brokers === brokers)
  if (scenarios.length === 0) continue
  let cluster: Cluster | null = null
  try {
    cluster = await startCluster(brokers, (line) => process.stderr.write(`kafka: ${line}\n`))
    for (const scenario of scenarios) {
      process.stderr.write(`${scenario.id} ${scenario.name}: begins\n`)
      const report = await play(scenario, cluster, options)
      failed ||= report.faults.length > 0
      process.stdout.write(`${values.json ? JSON.stringify(report) : toLine(report)}\n`)
    }
  } finally {
    await cluster?.stop()
  }
}
process.exitCode = failed ? 1 : 0
