import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { World } from './world.ts'

/** A policy as `triggers` of a model holds it. */
export interface LoopPolicy {
  readonly name: string
  readonly triggers: Readonly<Record<string, unknown>>
}

export const EVERY_PERIOD = 'every week'
export const NEVER = 'never'
export const RECOMMENDED = 'recommended'

/** Below so much log-loss won back for four weeks a retrain is not worth its cost. */
const WORTH_LOG_LOSS = 0.01
const HORIZON_DAYS = 28
/** New labels that the recommended policy asks for, as a part of `minimumSample`: 1,000 of its default 5,000. */
const NEW_LABELS_PART = 5

/**
 * All but the schedule have the guards of the recommended policy, so that they differ in their triggers alone;
 * a schedule is dated, and waits for nothing but the end of the one before.
 * @param recommended as `recommendedPolicy` reads it
 */
export function policiesOf(
  recommended: LoopPolicy['triggers'],
  { rowsPerDay, training }: Pick<World, 'rowsPerDay' | 'training'>,
): readonly LoopPolicy[] {
  const { trigger, ...advised } = recommended
  const minimumNewLabels = Math.round(training.minimumSample / NEW_LABELS_PART)
  const guards = { ...advised, minimumNewLabels }
  const drift = { kind: 'drift', diagnoses: ['watch', 'retrain'] }
  const performance = { kind: 'performance' }
  const combined = {
    kind: 'votes',
    needed: 2,
    of: [
      { weight: 2, trigger: performance },
      { weight: 1, trigger: drift },
      { weight: 1, trigger: { kind: 'metric', metric: 'log-loss', worseBy: 0.15 } },
    ],
  }
  const cost = {
    kind: 'cost',
    metric: 'log-loss',
    costPerUnit: 1,
    retrainCost: WORTH_LOG_LOSS * HORIZON_DAYS * rowsPerDay,
    horizon: `${HORIZON_DAYS}d`,
    recoverable: 0.5,
  }
  return [
    {
      name: NEVER,
      triggers: { trigger: { kind: 'any', of: [{ kind: 'metric', metric: 'auc', below: -1 }] } },
    },
    { name: EVERY_PERIOD, triggers: { trigger: { kind: 'schedule', cron: '0 3 * * 1' }, cooldown: '24h' } },
    { name: 'drift', triggers: { trigger: drift, ...guards } },
    { name: 'performance', triggers: { trigger: performance, ...guards } },
    { name: 'combined', triggers: { trigger: combined, ...guards } },
    { name: 'cost', triggers: { trigger: cost, ...guards } },
    { name: RECOMMENDED, triggers: { trigger, ...guards } },
  ]
}

/** The policy that docs/triggers.md recommends, as it stands there. */
export function recommendedPolicy(): LoopPolicy['triggers'] {
  const page = readFileSync(new URL('../../docs/triggers.md', import.meta.url), 'utf8')
  const [, block] = /^## Which to choose$.*?^```yaml\n(.*?)^```$/ms.exec(page) ?? []
  if (block === undefined) throw new Error('expected a recommended policy in docs/triggers.md, found none')
  return parse(block)
}
