import { parseArgs } from 'node:util'
import { report, reportLine } from '../../bench/report-line.ts'
import { fuzzExtract } from '../support/fuzz-extract.ts'

/**
 * `npm run fuzz:extract -- --runs 1000000 --seed 7 --json`: extractors against `JSON.parse` and the schema.
 * Exits with 1 where the two differed once, or where too few records were read for the run to mean anything.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
})
const result = fuzzExtract({ runs: Number(values.runs), seed: Number(values.seed) })
for (const difference of result.shown) process.stderr.write(`${difference}\n`)

const runs = result.structured + result.random
const met = report([
  reportLine({ id: 'extract-fuzz-runs', measure: 'records', value: runs, unit: '', goal: null }),
  reportLine({
    id: 'extract-fuzz-read',
    measure: 'read without parsing, of the structured ones',
    value: result.structuredRead / result.structured,
    unit: '',
    goal: '>= 0.3',
  }),
  reportLine({
    id: 'extract-fuzz-refused',
    measure: 'refused by the decoder',
    value: result.refused / runs,
    unit: '',
    goal: null,
  }),
  reportLine({
    id: 'extract-fuzz-differences',
    measure: 'records of which extractor and decoder say different things',
    value: result.differences,
    unit: '',
    goal: '= 0',
  }),
])
process.exitCode = met ? 0 : 1
