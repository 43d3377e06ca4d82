import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { parseConfig } from '../../src/config/load-config.ts'
import type { DeploymentEvent } from '../../src/events/deployment-event.ts'
import { listedSource } from '../../src/replay/listed-source.ts'
import { ALL_TIME } from '../../src/replay/replay-options.ts'
import { replayRetraining } from '../../src/replay/replay-retraining.ts'
import type { PolicyOnModel } from '../../src/replay/result.ts'
import { firstVersion } from './first-version.ts'
import { FIRST_ARTIFACT, InProcessTrainer, type Spoil, type Trained } from './in-process-trainer.ts'
import type { LoopPolicy } from './policies.ts'
import { type Prequential, prequential, type ServedFrom } from './prequential.ts'
import { eventsOf, MODEL, type World } from './world.ts'

/** One world under one policy, from the first event to the last. */
export interface PlayedCourse {
  readonly policy: PolicyOnModel
  readonly deployments: readonly DeploymentEvent[]
  readonly trained: ReadonlyMap<string, Trained>
  readonly served: readonly ServedFrom[]
  readonly score: Prequential
  /** The metric of the gates, as the replay itself measured it; null where it had none. */
  readonly replayedMetric: number | null
  readonly cpuSeconds: number
}

/** Stream time that every training takes. */
export const TRAINING_TIME_MS = 3_600_000

/** Replays the world with really trained candidates, and scores what served at each row's time. */
export async function playCourse(
  world: World,
  { name, triggers }: LoopPolicy,
  spoil?: Spoil,
): Promise<PlayedCourse> {
  const before = process.cpuUsage()
  const app = optionsOf(world, triggers)
  const model = app.models.get(MODEL)!
  const { learned, reference } = firstVersion(world, model)
  const trainer = new InProcessTrainer(world.learn, learned, spoil)
  const { features, labels } = eventsOf(world)
  const artifacts = await mkdtemp(join(tmpdir(), 'driftstream-loop-'))
  try {
    const result = await replayRetraining(
      { features: [listedSource('features', features)], labels: [listedSource('labels', labels)] },
      {
        stream: app.stream,
        models: app.models,
        flushEventsMax: app.flush.eventsMax,
        policies: [{ name, policies: new Map() }],
        references: [reference],
        range: ALL_TIME,
        changes: world.changes,
        trainingTimeMs: TRAINING_TIME_MS,
        artifacts,
        trainerOf: () => trainer,
        predict: trainer.predict,
        approval: 'yes',
        firstArtifacts: new Map([[MODEL, FIRST_ARTIFACT]]),
      },
    )
    const course = result.courses[0]!.models[0]!
    // The replay tells of artifacts by where they lie below its directory, which is another in each run.
    const trained = new Map([...trainer.trained].map(([path, each]) => [within(artifacts, path), each]))
    const served = servedBy(course.deployments, trained)
    const { user, system } = process.cpuUsage(before)
    return {
      policy: result.policies[0]!.models[0]!,
      deployments: course.deployments,
      trained,
      served,
      score: prequential(world.rows, served),
      replayedMetric: course.meanMetric,
      cpuSeconds: (user + system) / 1e6,
    }
  } finally {
    await rm(artifacts, { recursive: true, force: true })
  }
}

/** @throws CONFIG_INVALID where the world or the policy is no good configuration */
function optionsOf({ config, training }: World, triggers: LoopPolicy['triggers']) {
  const { model, ...rest } = config as { model: Readonly<Record<string, unknown>> & { detection?: object } }
  const watched = {
    version: 1,
    task: 'binary',
    ...model,
    // What is scored is accuracy beside log-loss, so that is what every model here is held to.
    detection: { accuracyDecides: true, ...model.detection },
    triggers: { ...triggers, ...training },
  }
  const tree = { kafka: { brokers: ['localhost:9092'] }, ...rest, models: { [MODEL]: watched } }
  return parseConfig(JSON.stringify(tree))
}

function within(directory: string, path: string): string {
  return path.startsWith(directory + sep) ? path.slice(directory.length + sep.length) : path
}

function servedBy(
  deployments: readonly DeploymentEvent[],
  trained: ReadonlyMap<string, Trained>,
): ServedFrom[] {
  const promoted = deployments.filter(({ stage }) => stage === 'promoted')
  return [
    { at: Number.NEGATIVE_INFINITY, learned: trained.get(FIRST_ARTIFACT)!.learned },
    ...promoted.map(({ at, artifact }) => ({ at, learned: trained.get(artifact!)!.learned })),
  ]
}
