import { z } from 'zod'
import { type RolloutOptions, STRAIGHT } from '../retraining/rollout-options.ts'
import { DIFFERENCE_MAX } from '../statistics/difference-evidence.ts'
import { DAY_MS } from './defaults.ts'
import { duration, list, oneOf, scalar, share, wholeNumber } from './scalars.ts'

const HOUR_MS = 3_600_000
/** Enough that an error rate is known to some hundredths; proof may take more, and never less. */
const LABELLED_MIN = 200

/** A stage is asked for by its section, an empty one included: `shadow: {}` has every default. */
function stage<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, { error: `a section of ${Object.keys(shape).join(', ')}` }).nullish()
}

const margin = scalar(`a number from 0 to ${DIFFERENCE_MAX}`, (raw) =>
  typeof raw === 'number' && raw >= 0 && raw <= DIFFERENCE_MAX ? raw : undefined,
)

/** What lies between open gates and a version that stays. */
export const rolloutSchema = z
  .strictObject(
    {
      shadow: stage({
        minimum: duration().default(HOUR_MS),
        maximum: duration().default(7 * DAY_MS),
        labelledMin: wholeNumber(0).default(LABELLED_MIN),
        onTimeout: oneOf(['reject', 'continue']).default('reject'),
      }),
      canary: stage({
        steps: list('a list of shares of traffic, such as [0.05, 0.25, 0.5]', share()).default([
          0.05, 0.25, 0.5,
        ]),
        stepMinimum: duration().default(6 * HOUR_MS),
        maximum: duration().default(7 * DAY_MS),
        labelledMin: wholeNumber(0).default(LABELLED_MIN),
        // What could not be shown in a week is for a person to say.
        onTimeout: oneOf(['promote', 'rollback', 'approve']).default('approve'),
      }),
      watch: stage({ duration: duration().default(3 * DAY_MS) }),
      harm: share().default(STRAIGHT.harm),
      proof: share().default(STRAIGHT.proof),
      margin: margin.default(STRAIGHT.margin),
    },
    { error: 'a section of shadow, canary, watch, harm, proof, margin' },
  )
  .nullish()

/** From the file's words to the options of the rooms. */
export function toRollout(entry: NonNullable<z.infer<typeof rolloutSchema>>): RolloutOptions {
  const { shadow, canary, watch, harm, proof, margin } = entry
  return {
    shadow:
      shadow == null
        ? null
        : {
            minimumMs: shadow.minimum,
            maximumMs: shadow.maximum,
            labelledMin: shadow.labelledMin,
            onTimeout: shadow.onTimeout,
          },
    canary:
      canary == null
        ? null
        : {
            steps: canary.steps,
            stepMinimumMs: canary.stepMinimum,
            maximumMs: canary.maximum,
            labelledMin: canary.labelledMin,
            onTimeout: canary.onTimeout,
          },
    watch: watch == null ? null : { durationMs: watch.duration },
    harm,
    proof,
    margin,
  }
}
