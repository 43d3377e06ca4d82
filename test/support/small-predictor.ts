/** The predictor of the small world, as a command: JSON lines in, JSON lines out, by the artifact's weight. */
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { text } from 'node:stream/consumers'
import { logistic } from './small-world.ts'

const { weight } = JSON.parse(readFileSync(String(process.env.DRIFTSTREAM_ARTIFACT), 'utf8'))
const said = (await text(process.stdin)).split('\n').flatMap((line) => {
  if (line === '') return []
  const { id, features } = JSON.parse(line)
  const score = logistic(weight * Number(features.x))
  return JSON.stringify({ id, prediction: score >= 0.5 ? 1 : 0, score })
})
process.stdout.write(`${said.join('\n')}\n`)
