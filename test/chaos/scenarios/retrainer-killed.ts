import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sendDecision } from '../../../src/consumers/send-command.ts'
import { TERMINAL_STAGES } from '../../../src/events/deployment-event.ts'
import type { RetrainRequest } from '../../../src/events/retrain-request.ts'
import type { Field } from '../field.ts'
import { ROLLOUT_STRIKES, type RolloutStrike } from '../rollout-strikes.ts'
import { Rollouts } from '../rollouts.ts'
import type { Scenario } from '../scenario.ts'
import { strikeTransaction } from '../struck-transaction.ts'

const TRAINER = new URL('../gated-trainer.ts', import.meta.url).pathname
const QUICK = new Set(['accepted', 'handed over, unwritten', 'validated, unwritten', 'awaiting approval'])
/** Of those that are to run out. */
const APPROVAL_MS = 4_000
/** A trainer that was ended is gone within its grace. */
const GONE_MAX_MS = 15_000

/**
 * A retrainer is killed in every state of a rollout, with a trainer of its own processes at work, and started
 * again. In the end every request is asked once more, as a detector that repeats itself would. Each has come
 * to one end, each candidate was trained once, none was promoted twice, no trainer is left behind.
 */
export const retrainerKilled: Scenario = {
  id: 'T17',
  name: 'retrainer killed',
  brokers: 1,
  inQuick: true,
  async play({ cluster, open, quick, seed }) {
    const chosen = ROLLOUT_STRIKES.filter(({ name }) => !quick || QUICK.has(name))
    const plays = chosen.map((strike, index) => ({ strike, model: `m${index}` }))
    const byModel = new Map(plays.map(({ model, strike }) => [model, strike]))
    const field = await open(
      {
        name: 't17',
        partitions: 1,
        sessionTimeout: '2s',
        // Ended by whoever comes next, never by its age.
        transactionTimeout: '2m',
        retraining: (model, directory) => retrainingOf(model, byModel.get(model) ?? null, directory),
      },
      { models: [...byModel.keys(), 'last'] },
    )
    const rollouts = new Rollouts(field, seed)
    const faults: string[] = []
    let retrainer = field.start('retrain')
    for (const { strike, model } of plays) {
      const request = await rollouts.prepare(model)
      await retrainer.assigned()
      const { struck } = strikeTransaction(cluster, retrainer, strike.moment, {
        says: ({ request: id, stage }) => id === request.id && stage === strike.stage,
      })
      await rollouts.ask(request)
      const open = (gate: 'gate' | 'gate-2') => writeFileSync(join(field.directory, `${model}.${gate}`), '')
      if (strike.gateOpens === 'before') open('gate')
      // What is said of a state that is struck itself is said afterwards.
      const saysBefore = strike.says !== null && strike.says.at !== strike.stage
      if (saysBefore) await say(field, rollouts, request, strike)
      await struck
      // While a transaction is open nobody can read past it.
      if (strike.moment !== 'before the commit') await rollouts.reached(request, strike.stage)
      await retrainer.kill()
      cluster.heal(retrainer.name)
      if (strike.gateOpens === 'while away') {
        open('gate')
        await trained(field, model)
      }
      // The time that was given for it passes with nobody there to see it.
      if (strike.stage === 'awaiting-approval' && strike.says === null) await sleep(APPROVAL_MS)
      retrainer = field.start('retrain')
      if (strike.gateOpens === 'afterwards') open('gate')
      open('gate-2')
      if (strike.says !== null && !saysBefore) await say(field, rollouts, request, strike)
      await rollouts.reached(request, 'end')
    }
    // Once more from the log alone, and every request again; one behind them tells when they are through.
    await retrainer.kill()
    retrainer = field.start('retrain')
    const requests = [...rollouts.requests.values()]
    for (const request of requests) await rollouts.ask(request)
    const last = await rollouts.prepare('last')
    writeFileSync(join(field.directory, 'last.gate'), '')
    await rollouts.ask(last)
    await rollouts.reached(last, 'end')
    const counts = await count(field, rollouts, byModel, faults)
    const verdict = { events: requests.length + 1, lost: counts.lost, doubled: counts.doubled, faults }
    return {
      verdict,
      measured: { states: chosen.length, kills: plays.length + 1, 'trainings started': counts.started },
    }
  },
}

function retrainingOf(model: string, strike: RolloutStrike | null, directory: string): string {
  const gate = (name: string) => join(directory, `${model}.${name}`)
  const predictor = strike?.predictor === true
  const train = [process.execPath, TRAINER, 'train', join(directory, 'starts'), gate('gate')]
  const parts = [
    'holdoutMin: 200',
    `trainer: { command: [${[...train, ...(predictor ? ['without'] : [])].join(', ')}], timeLimit: 5m }`,
  ]
  const approval = strike?.approval ?? null
  if (approval === 'in a day') parts.push('approval: { required: true, timeout: 1d }')
  else if (approval !== null) {
    parts.push(`approval: { required: true, timeout: ${APPROVAL_MS}ms, onTimeout: ${approval.onTimeout} }`)
  }
  if (predictor) {
    const predict = [process.execPath, TRAINER, 'predict', gate('gate-2')]
    parts.push(`predictor: { command: [${predict.join(', ')}], timeLimit: 5m }`)
  }
  return `{ ${parts.join(', ')} }`
}

async function say(
  { log, names, directory }: Field,
  rollouts: Rollouts,
  request: RetrainRequest,
  { says }: RolloutStrike,
): Promise<void> {
  await rollouts.reached(request, says!.at)
  // A trainer that is cancelled has begun.
  if (says!.kind === 'cancel') while (startsOf(directory, request.id) === 0) await sleep(20)
  const decision = { kind: says!.kind, request: request.id, by: 'ada', reason: 'said so', at: request.at }
  await sendDecision(log, names, decision)
}

/** The id of a request and the process that trained for it, a line a start. */
function linesOf(directory: string): string[] {
  const path = join(directory, 'starts')
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : []
}

function startsOf(directory: string, id: string): number {
  return linesOf(directory).filter((line) => line.startsWith(`${id} `)).length
}

/** Resolves when the trainer of a model has written its result. */
async function trained({ directory }: Field, model: string): Promise<void> {
  const artifact = join(directory, 'artifacts', model, '2', 'model.json')
  while (!existsSync(artifact)) await sleep(20)
}

/** Lost: a request without the end it should have come to. Doubled: whatever was done once too often. */
async function count(
  field: Field,
  rollouts: Rollouts,
  strikes: ReadonlyMap<string, RolloutStrike>,
  faults: string[],
): Promise<{ lost: number; doubled: number; started: number }> {
  const starts = linesOf(field.directory)
  const references = await rollouts.references()
  let [lost, doubled] = [0, 0]
  for (const request of rollouts.requests.values()) {
    const { model, id } = request
    const name = `${strikes.get(model)?.name ?? 'nothing struck'} (${model})`
    const events = await rollouts.of(request)
    const stages = events.map(({ stage }) => stage)
    const ends = stages.filter((stage) => TERMINAL_STAGES.has(stage))
    const wanted = strikes.get(model)?.end ?? 'promoted'
    if (!ends.includes(wanted)) {
      lost++
      faults.push(`${name}: expected the end ${wanted}, got ${stages.join(', ')} (${events.at(-1)?.reason})`)
    }
    const again = [
      [stages.length - new Set(stages).size, 'stages written again'],
      [ends.length - 1, 'ends beside the one'],
      [startsOf(field.directory, id) - 1, 'trainings beside the one'],
      [
        (references.get(model) ?? 0) - (stages.includes('validated') ? 1 : 0),
        'references beside those of validated candidates',
      ],
    ] as const
    for (const [times, what] of again) {
      if (times === 0) continue
      doubled += Math.max(0, times)
      faults.push(`${name}: ${what} (${times}): ${stages.join(', ')}`)
    }
  }
  for (const line of starts) {
    const [id, pid] = line.split(' ')
    if (!(await isGone(Number(pid)))) faults.push(`the trainer of ${id} is still there`)
  }
  return { lost, doubled, started: starts.length }
}

async function isGone(pid: number): Promise<boolean> {
  const until = performance.now() + GONE_MAX_MS
  while (existsSync(`/proc/${pid}`)) {
    if (performance.now() > until) return false
    await sleep(50)
  }
  return true
}
