import { runCells } from './cells/run-cells.ts'
import type { Check, CheckSettings } from './check.ts'
import { linesOf, type Standing, tableOf } from './delay/standings.ts'
import { PANE_ROWS, REFERENCE_ROWS } from './feature-delay/competitor.ts'
import { FEATURE_COMPETITORS } from './feature-delay/competitors.ts'
import type { FeatureDelayCell, FeatureDelaySize, FeatureResult } from './feature-delay/feature-cell.ts'
import { STORIES } from './feature-delay/stories.ts'
import type { QuietKind } from './feature-delay/story.ts'

const QUICK: FeatureDelaySize = {
  falseAlarmEvery: 10_000,
  quietPlays: 3,
  quietRows: 10_000,
  before: 1000,
  plays: 6,
}
const FULL: FeatureDelaySize = {
  falseAlarmEvery: 20_000,
  quietPlays: 12,
  quietRows: 20_000,
  before: 1000,
  plays: 100,
}

/** The slow ones first. */
const KINDS: readonly QuietKind[] = ['ten', 'dependent', 'one']

const OURS = 'driftstream'

/**
 * Delay at equal mean time between false alarms, on features whose world changes.
 *
 * Each detector's one number is tuned by bisection on quiet streams of other laws, as wide and as dependent
 * as those that are scored. Ours is the product's own step; the others see raw values, feature by feature.
 */
export const featureDelayCheck: Check = {
  id: 'feature-delay',
  claim: 'features that change are found sooner than by the detectors of the field, at equal false alarms',
  async run(settings) {
    const size = sizeOf(settings)
    const cells = KINDS.flatMap((kind) =>
      FEATURE_COMPETITORS.map(({ name }): FeatureDelayCell => {
        return { id: `${kind} ${name}`, competitor: name, kind, ...size, seed: `${settings.seed}` }
      }),
    )
    const outcomes = await runCells<FeatureResult>('feature-delay', cells, settings)
    const standings = FEATURE_COMPETITORS.map(({ name, isRival, tuned: dial }): Standing => {
      const own = cells.flatMap((cell, at) => {
        return cell.competitor === name ? [{ kind: cell.kind, ...outcomes[at]! }] : []
      })
      return {
        name,
        isRival,
        dial,
        tuned: own.map(({ kind, outcome }) => ({ ...outcome.tuned, on: kind })),
        scores: STORIES.map(({ name: story, isJudged }) => ({
          ...own.flatMap(({ outcome }) => outcome.scores).find((score) => score.story === story)!,
          isJudged,
        })),
        cpuSeconds: own.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
      }
    })
    const ours = standings.find(({ name }) => name === OURS)!
    return {
      lines: linesOf('feature-delay', ours, standings, 'rows'),
      details: { size, paneRows: PANE_ROWS, referenceRows: REFERENCE_ROWS, detectors: standings },
      table:
        `Rows from the change to the first alarm, a miss as the longest allowed (4,000, slow rise 8,000); ${size.plays} plays a\n` +
        `story. All tuned to one false alarm in ${size.falseAlarmEvery} rows on streams of other laws, ${3 * size.quietPlays} of ${size.quietRows} rows of each kind:\n` +
        `${KINDS.join(', ')}, in this order below. "Tuned without" is reported and in no mean.\n\n${tableOf(standings)}`,
    }
  },
}

function sizeOf({ quick, scale }: CheckSettings): FeatureDelaySize {
  if (quick) return QUICK
  const { quietPlays, plays } = FULL
  return { ...FULL, quietPlays: Math.ceil(quietPlays * scale), plays: Math.ceil(plays * scale) }
}
