import { PLANTED_KINDS, plantedSpoils } from './planted.ts'
import { type PlayedCourse, playCourse } from './play-course.ts'
import { EVERY_PERIOD, policiesOf, recommendedPolicy } from './policies.ts'
import { prequential } from './prequential.ts'
import { DAY_MS, type World } from './world.ts'

/** What one policy came to in one world under one seed. */
export interface PolicyOutcome {
  readonly policy: string
  readonly accuracy: number
  readonly logLoss: number
  /** Requests that were trained, and those of them that served in the end. */
  readonly retrains: number
  readonly promoted: number
  readonly cpuSeconds: number
}

/** What became of the bad candidates of one kind. */
export interface PlantedOutcome {
  readonly kind: string
  /** Trained, and so put before the gates. */
  readonly offered: number
  readonly promoted: number
  /** Of the promoted those that did worse in their first two weeks than what they replaced would have. */
  readonly harmful: number
}

export interface WorldOutcome {
  readonly seed: number
  readonly rows: number
  readonly policies: readonly PolicyOutcome[]
  readonly planted: readonly PlantedOutcome[]
}

const PROBATION_MS = 14 * DAY_MS

/** Plays a world under every policy (or those named), and once with every other candidate planted. */
export async function playWorld(
  world: World,
  say: (line: string) => void,
  only?: ReadonlySet<string>,
): Promise<WorldOutcome> {
  const policies: PolicyOutcome[] = []
  const all = policiesOf(recommendedPolicy(), world)
  for (const policy of all.filter(({ name }) => only === undefined || only.has(name))) {
    const { score, policy: decided, trained, cpuSeconds } = await playCourse(world, policy)
    // The first version was trained, too, but on no request.
    const retrains = trained.size - 1
    const { accuracy, logLoss } = score
    policies.push({
      policy: policy.name,
      accuracy,
      logLoss,
      retrains,
      promoted: decided.promoted,
      cpuSeconds,
    })
    say(
      `${world.name}, seed ${world.seed}, ${policy.name}: accuracy ${accuracy.toFixed(4)}, ` +
        `log-loss ${logLoss.toFixed(4)}, ${retrains} retrains, ${decided.promoted} promoted`,
    )
  }
  const spoil = plantedSpoils(world.past, world.keyFeature, world.seed)
  const planted = await playCourse(world, all.find(({ name }) => name === EVERY_PERIOD)!, spoil)
  return { seed: world.seed, rows: world.rows.length, policies, planted: plantedOutcomes(world, planted) }
}

function plantedOutcomes(world: World, { deployments, trained, served }: PlayedCourse): PlantedOutcome[] {
  const promoted = deployments.filter(({ stage }) => stage === 'promoted')
  return PLANTED_KINDS.map((kind) => {
    const offered = [...trained.values()].filter((each) => each.kind === kind)
    const passed = promoted.filter(({ artifact }) => trained.get(artifact!)!.kind === kind)
    const harmful = passed.filter(({ at, artifact }) => {
      const before =
        served[served.findIndex(({ learned }) => learned === trained.get(artifact!)!.learned) - 1]!
      const { learned } = trained.get(artifact!)!
      const lossOf = (one: typeof learned) =>
        prequential(world.rows, [{ at, learned: one }], at, at + PROBATION_MS).logLoss
      return lossOf(learned) > lossOf(before.learned)
    })
    return { kind, offered: offered.length, promoted: passed.length, harmful: harmful.length }
  })
}
