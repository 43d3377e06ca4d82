import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { numberFrom, runCommand, say } from '../command.ts'
import { commitOf } from '../commit.ts'
import { report } from '../report-line.ts'
import { decompose } from './decompose.ts'
import { playWorld, type WorldOutcome } from './play-world.ts'
import { EVERY_PERIOD, NEVER, RECOMMENDED } from './policies.ts'
import { decompositionTable, linesOf, tableOf, type WorldResult } from './summary.ts'
import { chooseWorlds, WORLDS, type WorldSource } from './worlds.ts'

const USAGE = `npm run bench:loop -- [--world id,id] [--quick] [--seeds n] [--json] [--data folder] [--save] [--decompose]

What a retrain policy wins, and what it costs: every policy really retrains, in a replay of its own.

  --world id,id  only these: ${WORLDS.map(({ id }) => id).join(', ')}
  --quick        one world, one seed, three policies: to see that all works
  --seeds n      seeds 1 to n instead of as many as each world has
  --json         one JSON object a figure instead of a table
  --data folder  recorded streams to read (or DRIFTSTREAM_STREAMS)
  --save         also writes bench/loop/results/<world>.json and loop.md of all that are there, to be committed
  --decompose    instead: of worlds whose changes are known, what is lost by when it was asked for a retrain
                 and what by its rows; with --save also writes bench/loop/results/decomposition.md

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
      decompose: { type: 'boolean', default: false },
    },
  })
  const isCount = (count: number) => Number.isSafeInteger(count) && count >= 1
  const seeds = values.seeds === undefined ? null : numberFrom('seeds', values.seeds, isCount)
  const { quick } = values
  return { ...values, seeds: quick ? 1 : seeds, worlds: chooseWorlds(quick ? QUICK_WORLD : values.world) }
}

function commitPlayed(): string {
  return commitOf(['src', 'bench/loop', 'examples'], 'bench/loop/results/')
}

/** Null where the stream is not there. */
async function resultOf(
  source: WorldSource,
  given: ReturnType<typeof readArguments>,
): Promise<WorldResult | null> {
  const { data, seeds, quick } = given
  const commit = commitPlayed()
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

/** Worlds in which nobody knows what changed, or when, cannot be taken apart. */
const DECOMPOSABLE = new Set(['sea-drawn', 'sea'])

async function decomposeWorlds({
  worlds,
  seeds,
  data,
  save,
}: ReturnType<typeof readArguments>): Promise<void> {
  const parts = [
    '# loop: where points are lost\n',
    `Means over seeds ± their standard errors. Made by \`npm run bench:loop -- --decompose --save\`, commit ${commitPlayed()}; \`README.md\` says what the courses are.\n`,
  ]
  for (const source of worlds.filter(({ id }) => DECOMPOSABLE.has(id))) {
    const courses = []
    let title = source.id
    for (let seed = 1; seed <= (seeds ?? source.seeds); seed++) {
      const world = await source.open(data ?? process.env.DRIFTSTREAM_STREAMS ?? null, seed)
      if (world === null) break
      title = world.name
      courses.push(await decompose(world))
      say(`${title}, seed ${seed}: taken apart`)
    }
    if (courses.length === 0) say(`SKIPPED ${source.id}: no such stream in the folder`)
    else parts.push(decompositionTable(title, courses))
  }
  const page = parts.join('\n')
  process.stdout.write(page)
  if (save) writeFileSync(join(RESULTS, 'decomposition.md'), page)
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
  if (given.decompose) {
    await decomposeWorlds(given)
    return 0
  }
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
