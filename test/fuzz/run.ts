import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { report, reportLine } from '../../bench/report-line.ts'
import { fuzzDecoders } from '../support/fuzz-decoders.ts'
import { fuzzExtract } from '../support/fuzz-extract.ts'
import { FUZZ_SUBJECTS } from '../support/fuzz-subjects.ts'

/**
 * `npm run fuzz -- --runs 1000000 --seed 7 --only decoders,extract --json`
 * `npm run fuzz -- --only decoders --subjects framed-avro,framed-protobuf`
 *
 * `decoders`: everything that decodes bytes from elsewhere, against broken and random ones. `extract`: the
 * extractors against `JSON.parse` and the schema. Exits with 1 where anything ended otherwise than it may,
 * where memory grew, or where too little was read for the run to mean anything.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: 'decoders,extract' },
    subjects: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const only = values.only.split(',')
const options = { runs: Number(values.runs), seed: Number(values.seed) }

const wanted = values.subjects?.split(',')
const subjects = FUZZ_SUBJECTS.filter(({ name }) => wanted?.includes(name) ?? true)
if (subjects.length < (wanted?.length ?? 1)) {
  throw new Error(`expected names among ${FUZZ_SUBJECTS.map(({ name }) => name).join(', ')}, got ${wanted}`)
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Bytes alive after a collection, buffers outside the heap included. */
function alive(): number {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

async function decoderLines() {
  // What is loaded and cached once is not growth.
  await fuzzDecoders({ runs: Math.min(20_000, options.runs), seed: options.seed + 1 }, subjects)
  const before = alive()
  const result = await fuzzDecoders(options, subjects)
  const grown = (alive() - before) / 2 ** 20
  for (const fault of result.shown) process.stderr.write(`${fault}\n`)
  const line = (id: string, measure: string, value: number, unit: string, goal: string | null) =>
    reportLine({ id: `decoders-fuzz-${id}`, measure, value, unit, goal })
  return [
    line('runs', 'inputs', result.runs, '', null),
    line('accepted', 'decoded', result.accepted / result.runs, '', '>= 0.1'),
    line('refused', 'refused with a code', result.refused / result.runs, '', '>= 0.3'),
    line('faults', 'ended otherwise', result.faults, '', '= 0'),
    line('slowest', 'the slowest input', result.slowestMs, 'ms', '< 5000'),
    line('growth', 'memory alive afterwards', grown, 'MiB', '< 32'),
  ]
}

function extractLines() {
  const result = fuzzExtract(options)
  for (const difference of result.shown) process.stderr.write(`${difference}\n`)
  const runs = result.structured + result.random
  const line = (id: string, measure: string, value: number, goal: string | null) =>
    reportLine({ id: `extract-fuzz-${id}`, measure, value, unit: '', goal })
  const read = result.structuredRead / result.structured
  return [
    line('runs', 'records', runs, null),
    line('read', 'read without parsing, of the structured ones', read, '>= 0.3'),
    line('refused', 'refused by the decoder', result.refused / runs, null),
    line(
      'differences',
      'records of which extractor and decoder say different things',
      result.differences,
      '= 0',
    ),
  ]
}

const met = report([
  ...(only.includes('decoders') ? await decoderLines() : []),
  ...(only.includes('extract') ? extractLines() : []),
])
process.exitCode = met ? 0 : 1
