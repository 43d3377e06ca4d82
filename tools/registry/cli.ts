import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { startRegistry } from './local-registry.ts'

const USAGE = `npm run registry -- [--port 18081] [--json]

Starts a local schema registry (Apicurio, which speaks Confluent's API) and runs it until Ctrl-C. Its schemas
are gone afterwards.

  --port N   where it listens (default: a free port)
  --json     print one JSON object when ready: url, pid
`

/** sysexits.h: the command was used wrongly. */
const EX_USAGE = 64

function readArguments(): { port: number | undefined; json: boolean } {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(USAGE)
    process.exit(0)
  }
  const port = values.port === undefined ? undefined : Number(values.port)
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw new Error(`--port: expected a port, got ${values.port}`)
  }
  return { port, json: values.json }
}

let given: ReturnType<typeof readArguments>
try {
  given = readArguments()
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n${USAGE}`)
  process.exit(EX_USAGE)
}

const { port, json } = given
const registry = await startRegistry({
  ...(port !== undefined && { port }),
  report: (line) => process.stderr.write(`registry: ${line}\n`),
})
const { url, pid } = registry
process.stdout.write(json ? `${JSON.stringify({ url, pid })}\n` : `${url}\n`)
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
await registry.stop()
