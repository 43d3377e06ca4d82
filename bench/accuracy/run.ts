import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { numberFrom, runCommand, say } from '../command.ts'
import { commitOf } from '../commit.ts'
import { report } from '../report-line.ts'
import type { Check, CheckResult } from './check.ts'
import { CHECKS, chooseChecks } from './checks.ts'

const USAGE = `npm run bench:accuracy -- [--check id,id] [--quick] [--scale s] [--seed n] [--workers n] [--json]
                         [--data folder] [--save]

Proves what is claimed of the detectors on seeded streams.

  --check id,id  only these: ${CHECKS.map(({ id }) => id).join(', ')}
  --quick        fewer and shorter streams: to see that all works
  --scale s      share of the full size, 0 to 1; every table says what was run
  --seed n       other streams; 1 without it
  --minutes n    budget and autocorrelated begin no new model later; tables say how many there were
  --workers n    worker threads, 1 (this thread alone) without it; the results are the same
  --json         one JSON object a figure instead of a table
  --data folder  recorded streams to read (or DRIFTSTREAM_STREAMS)
  --save         also writes bench/accuracy/results/<check>.json and .md, to be committed

A run that was interrupted goes on where it stopped, as long as the code is the same.

Exit code: 0, 1 when a goal was missed, 64 when used wrongly.
`

const RESULTS = join(import.meta.dirname, 'results')

function readArguments() {
  const { values } = parseArgs({
    options: {
      check: { type: 'string' },
      quick: { type: 'boolean', default: false },
      scale: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      workers: { type: 'string', default: '1' },
      minutes: { type: 'string' },
      json: { type: 'boolean', default: false },
      data: { type: 'string' },
      save: { type: 'boolean', default: false },
    },
  })
  return {
    ...values,
    checks: chooseChecks(values.check),
    minutes: values.minutes === undefined ? null : numberFrom('minutes', values.minutes, (time) => time > 0),
    scale: numberFrom('scale', values.scale, (scale) => scale > 0 && scale <= 1),
    seed: numberFrom('seed', values.seed, Number.isSafeInteger),
    workers: numberFrom('workers', values.workers, (count) => Number.isSafeInteger(count) && count >= 1),
  }
}

function writeResult(
  { id, claim }: Check,
  run: object,
  { table, ...result }: CheckResult,
  save: boolean,
): void {
  mkdirSync(RESULTS, { recursive: true })
  const commit = commitOf(['src', 'bench'], 'bench/accuracy/results/')
  const text = `${JSON.stringify({ check: id, ...run, commit, node: process.version, ...result }, null, 2)}\n`
  for (const name of save ? [`latest-${id}`, id] : [`latest-${id}`]) {
    writeFileSync(join(RESULTS, `${name}.json`), text)
    if (table !== undefined)
      writeFileSync(join(RESULTS, `${name}.md`), `# ${id}: ${claim}\n\nCommit ${commit}. ${table}`)
  }
}

async function main(given: ReturnType<typeof readArguments>): Promise<number> {
  const { checks, quick, scale, seed, workers, minutes, save } = given
  const data = given.data ?? process.env.DRIFTSTREAM_STREAMS ?? null
  const results: CheckResult[] = []
  for (const check of checks) {
    say(`${check.id}: ${check.claim}`)
    const checkpoints = quick ? null : RESULTS
    const result = await check.run({ quick, scale, seed, workers, minutes, data, checkpoints, say })
    writeResult(check, { quick, scale: quick ? null : scale, seed }, result, save)
    results.push(result)
  }
  return report(results.flatMap(({ lines }) => lines)) ? 0 : 1
}

await runCommand(USAGE, readArguments, main)
