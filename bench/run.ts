import { parseArgs } from 'node:util'
import { chooseFigures } from './catalogue.ts'
import { runCommand, say } from './command.ts'
import { measureFigure } from './measure-figure.ts'
import { measurePythonPeers } from './python-peers.ts'
import { report, reportLine } from './report-line.ts'
import { type ResultLine, writeResults } from './results-file.ts'

const USAGE = `npm run bench -- [--only id,id] [--quick] [--json] [--python] [--save]

Measures what counting costs and prints it beside its goals; bench/README.md says how to read it.

  --only id,id   only these figures
  --quick        one process and few repeats a figure: to see that all works, not to judge by
  --json         one JSON object a line instead of a table
  --python       also measures Python packages on the same events, in a virtual environment in the cache
  --save         also writes bench/results/<date>-<n>-cores.json, to be committed

Exit code: 0, 1 when a goal was missed or a figure failed, 64 when used wrongly.
`

/** Odd, so that a ratio has a middle one. */
const PROCESSES = 3

function readArguments() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      python: { type: 'boolean', default: false },
      save: { type: 'boolean', default: false },
    },
  })
  return { ...values, figures: chooseFigures(values.only) }
}

async function main(given: ReturnType<typeof readArguments>): Promise<number> {
  const { figures, quick, python, save } = given
  const lines: ResultLine[] = []
  for (const [index, figure] of figures.entries()) {
    const measured = await measureFigure(figure, quick ? 1 : PROCESSES, quick)
    const { id, measure, unit, goal } = figure
    lines.push({
      ...reportLine({ id, measure, unit, goal, value: measured.value }),
      measurements: measured.measurements,
    })
    say(`${index + 1}/${figures.length} ${id}${measured.failure === null ? '' : `: ${measured.failure}`}`)
  }
  if (python) lines.push(...(await measurePythonPeers(say)))
  const allMet = report(lines)
  for (const path of writeResults(lines, { at: new Date(), quick, keep: save })) say(`written: ${path}`)
  return allMet ? 0 : 1
}

await runCommand(USAGE, readArguments, main)
