import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LiveCast } from '../live-cast.ts'
import { checkLive, liveRetraining } from '../live-checks.ts'
import { type LivePlayOptions, type LiveStory, PLAY_MS, playLive, storyOf } from '../live-play.ts'
import { LIVE_WAYS } from '../live-ways.ts'
import { Rollouts } from '../rollouts.ts'
import type { Scenario } from '../scenario.ts'

const START_MS = Date.UTC(2026, 0, 5)
const QUICK = new Set(['worse in its canary'])
/** By how many bytes of sketches a detector keeps snapshots: never, after every flush, now and then. */
const SNAPSHOT_AFTER = ['1000GiB', '1KiB', '64KiB']

/**
 * Candidates on live events, each way of theirs once undisturbed and three times with killed processes: the
 * retrainer at every stage that it writes, the detector at the first comparisons of each stage, the observer
 * once. All tell the same story as the undisturbed one, word for word and number for number, each event
 * once; and nothing is added when everything is started again and every request repeated.
 */
export const liveStagesKilled: Scenario = {
  id: 'T18',
  name: 'live stages killed',
  brokers: 1,
  inQuick: true,
  async play({ cluster, open, quick, seed }) {
    const ways = LIVE_WAYS.filter(({ name }) => !quick || QUICK.has(name))
    const tries = [null, ...(quick ? [0] : [0, 1, 2])]
    const plays: LivePlayOptions[] = ways.flatMap((way, place) =>
      tries.map((strikesFrom, index) => {
        const number = place * tries.length + index
        return { way, strikesFrom, model: `m${number}`, startMs: START_MS + number * PLAY_MS }
      }),
    )
    const byModel = new Map(plays.map((play) => [play.model, play]))
    const field = await open(
      {
        name: 't18',
        partitions: 1,
        sessionTimeout: '2s',
        transactionTimeout: '2m',
        flushInterval: '20ms',
        // Nothing but what is asked for here is trained.
        triggers: '{ trigger: { kind: performance }, minimumSample: 100000000 }',
        retraining: (model, directory) => liveRetraining(byModel.get(model)!.way, model, directory),
      },
      { models: [...byModel.keys()] },
    )
    const rollouts = new Rollouts(field, seed)
    const cast = new LiveCast(cluster, field)
    const told = new Map<LivePlayOptions, LiveStory>()
    for (const play of plays) {
      writeFileSync(join(field.directory, `${play.model}.gate`), '')
      cast.detectorEnv = { DRIFTSTREAM_STREAM__SNAPSHOT_AFTER: SNAPSHOT_AFTER[play.strikesFrom ?? 0]! }
      told.set(play, (await playLive(field, rollouts, cast, play)).story)
    }
    // Once more from the log alone, and every request again.
    await cast.replace(['observe', 'detect', 'retrain'])
    for (const request of rollouts.requests.values()) await rollouts.ask(request)
    await cast.through()

    const faults = cast.ended()
    const calm = new Map(
      plays.filter(({ strikesFrom }) => strikesFrom === null).map((play) => [play.way, play]),
    )
    let [lost, doubled, stages, comparisons] = [0, 0, 0, 0]
    const fail = (play: LivePlayOptions, fault: string) => {
      faults.push(`${play.way.name} (${play.model}, strikes from ${play.strikesFrom}): ${fault}`)
    }
    for (const play of plays) {
      const request = rollouts.requests.get(`request-${play.model}`)!
      const check = await checkLive(rollouts, request, play.way)
      stages += check.stages
      comparisons += check.comparisons
      lost += check.lost
      doubled += check.doubled
      for (const fault of check.faults) fail(play, fault)
      const story = await storyOf(rollouts, request, play.startMs)
      const [before, undisturbed] = [told.get(play)!, told.get(calm.get(play.way)!)!]
      for (const kind of ['stages', 'comparisons'] as const) {
        if (story[kind].join() !== before[kind].join()) fail(play, `${kind} followed its end`)
        const at = undisturbed[kind].findIndex((one, index) => one !== story[kind][index])
        const one = at < 0 ? undisturbed[kind].length : at
        if (undisturbed[kind][one] === story[kind][one]) continue
        const both = `undisturbed ${undisturbed[kind][one]}, here ${story[kind][one]}`
        fail(play, `its ${kind} differ from number ${one + 1} on: ${both}`)
      }
    }
    return {
      verdict: { events: stages + comparisons, lost, doubled, faults },
      measured: { ways: ways.length, kills: cast.kills, stages, comparisons },
    }
  },
}
