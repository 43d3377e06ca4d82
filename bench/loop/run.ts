import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { numberFrom, runCommand, say } from '../command.ts'
import { commitOf } from '../commit.ts'
import { report } from '../report-line.ts'
import { playWorld, type WorldOutcome } from './play-world.ts'
import { EVERY_PERIOD, NEVER, RECOMMENDED } from './policies.ts'
import { linesOf, tableOf, type WorldResult } from './summary.ts'
import { chooseWorlds, WORLDS, type WorldSource } from './worlds.ts'

const USAGE = `npm run bench:loop -- [--world id,id] [--quick] [--seeds n] [--json] [--data folder] [--save]

What a retrain policy wins, and what it costs: every policy really retrains, in a replay of its own.

  --world id,id  only these: ${WORLDS.map(({ id }) => id).join(', ')}
  --quick        one world, one seed, three policies: to see that all works
  --seeds n      seeds 1 to n instead of as many as each world has
  --json         one JSON object a figure instead of a table
  --data folder  recorded streams to read (or DRIFTSTREAM_STREAMS)
  --save         also writes bench/loop/results/<world>.json and loop.md of all that are there, to be committed

Exit code: 0, 1 when a goal was missed, 64 when used wrongly.
`

const RESULTS = join(import.meta.dirname, 'results')
const QUICK_WORLD = 'sea-drawn'
const QUICK_POLICIES = new Set([NEVER, EVERY_PERIOD, RECOMMENDED])

function readArguments() {
  const { values } = parseArgs({
    options: {
      world: { type: 'string' },
      quick: { type: 'boolean', default: false },
      seeds: { type: 'string' },
      json: { type: 'boolean', default: false },
      data: { type: 'string' },
      save: { type: 'boolean', default: false },
    },
  })
  const isCount = (count: number) => Number.isSafeInteger(count) && count >= 1
  const seeds = values.seeds === undefined ? null : numberFrom('seeds', values.seeds, isCount)
  const { quick } = values
  return { ...values, seeds: quick ? 1 : seeds, worlds: chooseWorlds(quick ? QUICK_WORLD : values.world) }
}

/** Null where the stream is not there. */
async function resultOf(
  source: WorldSource,
  given: ReturnType<typeof readArguments>,
): Promise<WorldResult | null> {
  const { data, seeds, quick } = given
  const commit = commitOf(['src', 'bench/loop', 'examples'], 'bench/loop/results/')
  const resultSoFar = () => ({ world: source.id, title, commit, node: process.version, outcomes })
  const folder = data ?? process.env.DRIFTSTREAM_STREAMS ?? null
  const outcomes: WorldOutcome[] = []
  let title = source.id
  for (let seed = 1; seed <= (seeds ?? source.seeds); seed++) {
    const world = await source.open(folder, seed)
    if (world === null) {
      say(`SKIPPED ${source.id}: no such stream in the folder of --data or DRIFTSTREAM_STREAMS`)
      return null
    }
    title = world.name
    outcomes.push(await playWorld(world, say, quick ? QUICK_POLICIES : undefined))
    // After every seed: a run that is interrupted has not been for nothing.
    if (given.save && !quick) save(resultSoFar())
  }
  return resultSoFar()
}

/** One file a world; the table is made of all of them, so that worlds can be run one by one. */
function save(result: WorldResult): void {
  mkdirSync(RESULTS, { recursive: true })
  writeFileSync(join(RESULTS, `${result.world}.json`), `${JSON.stringify(result, null, 2)}\n`)
  const kept = WORLDS.map(({ id }) => join(RESULTS, `${id}.json`)).filter(existsSync)
  const results = kept.map((path): WorldResult => JSON.parse(readFileSync(path, 'utf8')))
  writeFileSync(join(RESULTS, 'loop.md'), tableOf(results))
}

async function main(given: ReturnType<typeof readArguments>): Promise<number> {
  const results: WorldResult[] = []
  for (const source of given.worlds) {
    const result = await resultOf(source, given)
    if (result === null) continue
    results.push(result)
  }
  if (!given.json) process.stdout.write(`${tableOf(results)}\n`)
  return report(results.flatMap(linesOf)) ? 0 : 1
}

await runCommand(USAGE, readArguments, main)
