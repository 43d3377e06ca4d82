import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { report } from '../report-line.ts'
import type { CheckResult } from './check.ts'
import { CHECKS, chooseChecks } from './checks.ts'

const USAGE = `npm run bench:accuracy -- [--check id,id] [--quick] [--json] [--data folder] [--save]

Proves what is claimed of the detectors on seeded streams.

  --check id,id  only these: ${CHECKS.map(({ id }) => id).join(', ')}
  --quick        fewer and shorter streams: to see that all works
  --json         one JSON object a figure instead of a table
  --data folder  recorded streams to read (or DRIFTSTREAM_STREAMS)
  --save         also writes bench/accuracy/results/<check>.json, to be committed

Exit code: 0, 1 when a goal was missed, 64 when used wrongly.
`

/** sysexits.h: the command was used wrongly. */
const EX_USAGE = 64

const RESULTS = join(import.meta.dirname, 'results')

function readArguments() {
  const { values } = parseArgs({
    options: {
      check: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      data: { type: 'string' },
      save: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(USAGE)
    process.exit(0)
  }
  return { ...values, checks: chooseChecks(values.check) }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

function writeResult(id: string, quick: boolean, result: CheckResult, save: boolean): void {
  mkdirSync(RESULTS, { recursive: true })
  const text = `${JSON.stringify({ check: id, quick, node: process.version, ...result }, null, 2)}\n`
  for (const name of save ? [`latest-${id}`, id] : [`latest-${id}`]) {
    writeFileSync(join(RESULTS, `${name}.json`), text)
  }
}

function main({ checks, quick, data, save }: ReturnType<typeof readArguments>): number {
  const folder = data ?? process.env.DRIFTSTREAM_STREAMS ?? null
  const results = checks.map((check) => {
    say(`${check.id}: ${check.claim}`)
    const result = check.run({ quick, data: folder, say })
    writeResult(check.id, quick, result, save)
    return result
  })
  return report(results.flatMap(({ lines }) => lines)) ? 0 : 1
}

let options: ReturnType<typeof readArguments>
try {
  options = readArguments()
} catch (error) {
  say(USAGE)
  say((error as Error).message)
  process.exit(EX_USAGE)
}

process.exitCode = main(options)
