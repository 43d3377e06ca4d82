import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ConfiguredModel } from '../../../src/config/options.ts'
import type { TrainingRow } from '../../../src/events/training-row.ts'
import { listedSource } from '../../../src/replay/listed-source.ts'
import { replayRetraining } from '../../../src/replay/replay-retraining.ts'
import type { RetrainingOptions } from '../../../src/replay/retrained-course.ts'
import { STRAIGHT } from '../../../src/retraining/rollout-options.ts'
import type { Trainer, TrainerTask } from '../../../src/retraining/trainers/trainer.ts'
import { type SmallHistory, smallHistory, smallReplay } from '../../support/small-history.ts'
import { smallModel, smallRollout } from '../../support/small-options.ts'
import { logistic, type SmallWorld } from '../../support/small-world.ts'

const MINUTE_MS = 60_000
const world: SmallWorld = { startMs: Date.UTC(2027, 0, 1), turnsAtMinute: 30, eventsPerMinute: 100, seed: 7 }
const turnedAt = world.startMs + world.turnsAtMinute * MINUTE_MS

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'driftstream-retraining-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

interface Trained {
  readonly train: readonly TrainingRow[]
  readonly holdout: readonly TrainingRow[]
}

/** Learns the sign between x and the label, in this process, and notes what it was given. */
function notingTrainer(trained: Trained[]): Trainer {
  const rows = async (path: string): Promise<TrainingRow[]> =>
    (await readFile(path, 'utf8')).split('\n').flatMap((line) => (line === '' ? [] : JSON.parse(line)))
  return {
    submit: async () => ({ backend: 'command', submittedAt: 0, handle: {} }),
    probe: async () => 'ended',
    cancel: async () => {},
    async poll(_job, { input }: TrainerTask) {
      const given = { train: await rows(input.trainPath), holdout: await rows(input.holdoutPath) }
      trained.push(given)
      const sum = given.train.reduce(
        (all, { label, features }) => all + (label === 1 ? Number(features.x) : 0),
        0,
      )
      const artifact = sum >= 0 ? '3' : '-3'
      return {
        kind: 'trained',
        result: { artifact, notes: '' },
        predictions: given.holdout.map((row) => said(row, artifact)),
      }
    },
  }
}

function said({ id, features }: TrainingRow, artifact: string) {
  const score = logistic(Number(artifact) * Number(features.x))
  return { id, prediction: score >= 0.5 ? 1 : 0, score }
}

function options(trained: Trained[], more: Partial<RetrainingOptions> = {}): RetrainingOptions {
  const { answer: _answer, topics: _topics, ...shared } = smallReplay(world)
  const trainer = {
    kind: 'command' as const,
    command: [],
    timeLimitMs: 1,
    workingDirectory: null,
    environment: {},
  }
  return {
    ...shared,
    models: new Map([['small', { ...smallModel, trainer }]]),
    trainingTimeMs: 3 * MINUTE_MS,
    artifacts: directory,
    approval: 'yes',
    trainerOf: () => notingTrainer(trained),
    predict: async (_model, artifact, rows) => rows.map((row) => said(row, artifact)),
    firstArtifacts: new Map(),
    ...more,
  }
}

function staged(model: Partial<ConfiguredModel> = {}, more: Partial<RetrainingOptions> = {}) {
  const given = options([], more)
  const configured = { ...given.models.get('small')!, rollout: smallRollout, ...model }
  return { ...given, models: new Map([['small', configured]]) }
}

function historyOf({ features, labels }: SmallHistory) {
  return {
    features: [listedSource('features', features, 1000)],
    labels: [listedSource('labels', labels, 1000)],
  }
}

const never = {
  name: 'never',
  policies: new Map([
    ['small', { ...smallModel.policy, trigger: { kind: 'any' as const, name: 'never', of: [] } }],
  ]),
}

describe('a replay that retrains', () => {
  it('gives each policy a course of its own: one is promoted and recovers, the other goes on', async () => {
    const trained: Trained[] = []
    const policies = [{ name: 'configured', policies: new Map() }, never]
    const result = await replayRetraining(historyOf(smallHistory(world, 80)), options(trained, { policies }))
    const [course, still] = result.courses.map(({ models: [model] }) => model!)
    const [decided, undecided] = result.policies.map(({ models: [model] }) => model!)

    expect(course!.deployments.map(({ stage }) => stage)).toEqual([
      'accepted',
      'training',
      'validating',
      'validated',
      'promoted',
    ])
    expect(decided).toMatchObject({ requested: 1, promoted: 1, rejected: 0 })
    const request = decided!.requests[0]!
    const promoted = course!.deployments.at(-1)!
    // Stream time is some ms past the end of the pane that asked.
    expect(promoted.at - request.at - 3 * MINUTE_MS).toBeGreaterThanOrEqual(0)
    expect(promoted.at - request.at - 3 * MINUTE_MS).toBeLessThan(MINUTE_MS)
    expect(promoted.gates.every(({ passed }) => passed)).toBe(true)
    expect(course!.drift.map(({ state }) => state)).toEqual(['started', 'resolved'])

    const versions = new Map(
      course!.measured.map(({ version, value, fromMs }) => [`${version} ${fromMs}`, value]),
    )
    expect([...versions.keys()].some((key) => key.startsWith('2 '))).toBe(true)
    const after = course!.measured.filter(({ version }) => version === '2')
    expect(after[0]!.fromMs).toBeLessThanOrEqual(promoted.at)
    for (const { value } of after) expect(value).toBeLessThan(0.5)
    expect(course!.references.map(({ version }) => version)).toEqual(['1', '2'])

    expect(undecided).toMatchObject({ requested: 0, promoted: 0 })
    expect(still!.measured.every(({ version }) => version === '1')).toBe(true)
    expect(still!.meanMetric!).toBeGreaterThan(1.5 * course!.meanMetric!)
  }, 60_000)

  it('refuses a candidate whose trainer says that it learned from next to nothing', async () => {
    const honest = notingTrainer([])
    const trainerOf = (): Trainer => ({
      ...honest,
      async poll(...asked) {
        const answer = await honest.poll(...asked)
        return answer.kind === 'trained'
          ? { ...answer, result: { ...answer.result, trainedRows: 10 } }
          : answer
      },
    })
    const result = await replayRetraining(historyOf(smallHistory(world, 60)), options([], { trainerOf }))
    const ended = result.courses[0]!.models[0]!.deployments.at(-1)!
    expect(ended.stage).toBe('rejected')
    expect(ended.gates.filter(({ passed }) => !passed)).toMatchObject([{ gate: 'training size', value: 10 }])
  }, 60_000)

  it('trains on nothing that had not come: no later row, no label of the future', async () => {
    const trained: Trained[] = []
    const history = smallHistory(world, 60)
    // Every tenth label takes twenty-five minutes, though the configuration promises that none takes more than one.
    const slow = history.labels
      .map((label, index) => ({ ...label, at: label.at + (index % 10 === 0 ? 25 * MINUTE_MS : 0) }))
      .sort((a, b) => a.at - b.at)
    const knownAt = new Map(slow.map(({ id, at }) => [id, at]))
    // Soon, before the fall in coverage is seen and the labels are to be checked first.
    const soon = {
      name: 'soon',
      policies: new Map([['small', { ...smallModel.policy, minimumSample: 900 }]]),
    }
    const result = await replayRetraining(
      historyOf({ ...history, labels: slow }),
      options(trained, { policies: [soon] }),
    )
    const { requests } = result.policies[0]!.models[0]!
    expect(trained).toHaveLength(requests.length)
    expect(trained.length).toBeGreaterThan(0)
    let unknown = 0
    trained.forEach(({ train, holdout }, index) => {
      const { at, trainingRange } = requests[index]!
      const rows = [...train, ...holdout]
      expect(train.length).toBeGreaterThan(0)
      // Stream time is that of the event that closed the pane, less than a second after its end.
      expect(Math.max(...rows.map(({ id }) => knownAt.get(id)!))).toBeLessThanOrEqual(at + 1_000)
      expect(Math.max(...rows.map((row) => row.at))).toBeLessThan(at)
      expect(train.every((row) => row.at >= turnedAt)).toBe(true)
      const given = new Set(rows.map(({ id }) => id))
      unknown += history.features.filter(
        (event) => event.at >= trainingRange.fromMs && event.at < trainingRange.toMs && !given.has(event.id),
      ).length
    })
    expect(unknown).toBeGreaterThan(50)
  }, 60_000)

  it('serves the first version from its artifact where there is one, and says the same each time', async () => {
    const history = smallHistory(world, 50)
    // What was recorded is of no use: every score is a half.
    const features = history.features.map((event) => ({ ...event, score: 0.5, prediction: 0 }))
    const firstArtifacts = new Map([['small', '3']])
    const run = () => replayRetraining(historyOf({ ...history, features }), options([], { firstArtifacts }))
    const result = await run()
    expect(JSON.stringify(await run())).toBe(JSON.stringify(result))
    const before = result.courses[0]!.models[0]!.measured.filter(({ toMs }) => toMs <= turnedAt)
    for (const { value } of before) expect(value).toBeLessThan(0.5)
  }, 60_000)

  it('tells of a predictor that leaves events without a prediction', async () => {
    const predict: RetrainingOptions['predict'] = async (_model, artifact, rows) =>
      rows.slice(1).map((row) => said(row, artifact))
    await expect(
      replayRetraining(historyOf(smallHistory(world, 80)), options([], { predict })),
    ).rejects.toMatchObject({
      code: 'TRAINER_FAILED',
      message: expect.stringMatching(/expected a prediction of every row .* 1 of \d+ have none/),
    })
  }, 60_000)

  it('plays the stages that are configured: shadow, canary by a hash of the id, watch', async () => {
    const result = await replayRetraining(historyOf(smallHistory(world, 90)), staged())
    const { deployments, measured, drift } = result.courses[0]!.models[0]!
    expect(deployments.map(({ stage, trafficShare }) => [stage, trafficShare])).toEqual([
      ['accepted', 0],
      ['training', 0],
      ['validating', 0],
      ['validated', 0],
      ['shadow', 0],
      ['canary', 0.1],
      ['promoted', 1],
      ['confirmed', 1],
    ])
    const [ofShadow, ofCanary, ofWatch] = deployments.slice(5).map(({ comparison }) => comparison!)
    expect(ofShadow).toMatchObject({ design: 'paired', loss: 'brier' })
    expect(ofShadow!.challenger.labelled).toBe(ofShadow!.champion.labelled)
    expect(ofCanary).toMatchObject({ design: 'samples' })
    const share = ofCanary!.challenger.events / (ofCanary!.challenger.events + ofCanary!.champion.events)
    expect(share).toBeCloseTo(0.1, 1)
    expect(ofWatch).toMatchObject({ design: 'past', challenger: { version: '2' } })
    expect(result.policies[0]!.models[0]).toMatchObject({ promoted: 1, rejected: 0, rolledBack: 0 })
    expect(drift.map(({ state }) => state)).toEqual(['started', 'resolved'])

    // Every event has one answer that was heard; what the candidate said in shadow is in no metric.
    const [shadow, canary] = deployments.slice(4, 6).map(({ at }) => Math.floor(at / MINUTE_MS) * MINUTE_MS)
    const heard = measured.filter(({ version }) => version === '2').reduce((sum, { n }) => sum + n, 0)
    const after = (world.startMs + 90 * MINUTE_MS - canary!) / MINUTE_MS
    expect(canary! - shadow!).toBeGreaterThanOrEqual(2 * MINUTE_MS)
    expect(heard).toBeLessThan(after * world.eventsPerMinute)
    expect(measured.reduce((sum, { n }) => sum + n, 0)).toBeLessThanOrEqual(90 * world.eventsPerMinute)
  }, 60_000)

  it('takes a candidate back that the world turns away from, and asks the version before again', async () => {
    // What the candidate learned holds for twelve minutes more.
    const back = { ...world, turnsAtMinute: 10_000 }
    const turned = smallHistory(world, 60)
    const still = smallHistory(back, 90)
    const since = world.startMs + 52 * MINUTE_MS
    const features = [
      ...turned.features.filter(({ at }) => at < since),
      ...still.features.filter(({ at }) => at >= since),
    ]
    const ids = new Set(features.map(({ id }) => id))
    const turnedIds = new Set(turned.features.filter(({ at }) => at < since).map(({ id }) => id))
    const labels = [
      ...turned.labels.filter(({ id }) => turnedIds.has(id)),
      ...still.labels.filter(({ id }) => ids.has(id) && !turnedIds.has(id)),
    ]
    const rollout = { ...smallRollout, canary: { ...smallRollout.canary!, stepMinimumMs: 30 * MINUTE_MS } }
    const result = await replayRetraining(historyOf({ features, labels }), staged({ rollout }))
    const { deployments, measured } = result.courses[0]!.models[0]!
    const end = deployments.findIndex(({ stage }) => stage === 'rolled-back')
    expect(
      deployments
        .slice(0, end + 1)
        .map(({ stage }) => stage)
        .slice(-2),
    ).toEqual(['canary', 'rolled-back'])
    expect(deployments[end]!.reason).toContain('version 2 is surely worse')
    expect(result.policies[0]!.models[0]).toMatchObject({ promoted: 0, rolledBack: 1 })
    const later = measured.filter(({ fromMs }) => fromMs > deployments[end]!.at + 10 * MINUTE_MS)
    expect(later.length).toBeGreaterThan(0)
    expect(later.every(({ version }) => version === '1')).toBe(true)
  }, 60_000)

  it('asks for approval, and lets it be given, refused, or run out in stream time', async () => {
    const approval = { required: true, timeoutMs: 10 * MINUTE_MS, onTimeout: 'reject' as const }
    const ends = []
    for (const answer of ['yes', 'no', 'none'] as const) {
      const history = historyOf(smallHistory(world, 75))
      const result = await replayRetraining(
        history,
        staged({ approval, rollout: STRAIGHT }, { approval: answer }),
      )
      const { deployments } = result.courses[0]!.models[0]!
      const [asked, end] = deployments.slice(4)
      expect(asked!.stage).toBe('awaiting-approval')
      ends.push([end!.stage, end!.at - asked!.at, end!.reason])
    }
    expect(ends).toEqual([
      ['promoted', 0, 'approved by replay'],
      ['rejected', 0, 'rejected by replay'],
      ['timed-out', 10 * MINUTE_MS, expect.stringContaining('nobody answered')],
    ])
  }, 60_000)
})
