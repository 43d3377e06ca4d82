import { afterEach, describe, expect, it } from 'vitest'
import { countSketches } from '../support/count-sketches.ts'
import { openSmallPipeline, readRecords, type SmallPipeline } from '../support/small-pipeline.ts'
import { minuteOf, type SmallWorld } from '../support/small-world.ts'

const world: SmallWorld = {
  startMs: Date.UTC(2027, 0, 1),
  turnsAtMinute: 30,
  eventsPerMinute: 120,
  seed: 7,
}
/** The same world, but it never turns. */
const steady: SmallWorld = { ...world, turnsAtMinute: 1_000_000 }

let pipeline: SmallPipeline | null = null
afterEach(async () => {
  await pipeline?.stop()
  pipeline = null
})

describe('the journey of an event, on the log in memory', () => {
  it('goes from a feature event to a promoted version and on to a resolved episode', async () => {
    pipeline = await openSmallPipeline(world)
    await pipeline.play(world, 0, 70)
    const { drift, requests, deployments, deadLetters } = await pipeline.published()

    expect(deadLetters).toEqual([])
    expect(drift[0]).toMatchObject({
      concern: 'performance',
      state: 'started',
      diagnosis: 'retrain',
      version: '1',
    })
    const turnedAt = world.startMs + world.turnsAtMinute * 60_000
    expect(drift[0]!.changedAt).toBe(turnedAt)
    expect(drift[0]!.detectedAt).toBeGreaterThan(turnedAt)
    expect(drift[0]!.detectedAt).toBeLessThanOrEqual(turnedAt + 10 * 60_000)

    expect(requests).toHaveLength(1)
    const [request] = requests
    expect(request!.trainingRange.fromMs).toBe(turnedAt)
    expect(request!.trainingRange.offsets.map(({ topic }) => topic).sort()).toEqual([
      ...Array(3).fill('features'),
      ...Array(3).fill('labels'),
    ])
    // The minimum sample held it back first, and the request says so.
    expect(request!.suppressed).toMatchObject([{ guard: 'minimum-sample', trigger: 'performance' }])

    expect(deployments.map(({ stage, toVersion }) => [stage, toVersion])).toEqual([
      ['accepted', '2'],
      ['training', '2'],
      ['validating', '2'],
      ['validated', '2'],
      ['promoted', '2'],
    ])
    const promoted = deployments.at(-1)!
    expect(promoted.gates.every(({ passed }) => passed)).toBe(true)
    expect(promoted.gates.at(-1)!.upper).toBeLessThan(0)
    expect(drift.map(({ state }) => state)).toEqual(['started', 'resolved'])
    // The new version is judged by its own reference and found healthy from then on.
    expect((await readRecords(pipeline.log, 'references')).length).toBe(2)
  })

  it('says nothing of a world that does not change', async () => {
    pipeline = await openSmallPipeline(steady)
    await pipeline.play(steady, 0, 60)
    const { drift, requests, deployments, deadLetters } = await pipeline.published()
    expect({ drift, requests, deployments, deadLetters }).toEqual({
      drift: [],
      requests: [],
      deployments: [],
      deadLetters: [],
    })
  })

  it('tells the same story when all three processes are restarted in the middle', async () => {
    const stories = []
    for (const restartAt of [null, 25, 36, 42]) {
      const told = await openSmallPipeline(world)
      pipeline = told
      await told.play(world, 0, restartAt ?? 60)
      if (restartAt !== null) {
        await told.restart()
        await told.play(world, restartAt, 60)
      }
      const { drift, requests, deployments } = await told.published()
      stories.push({
        drift: drift.map(({ id, state, diagnosis, at }) => ({ id, state, diagnosis, at })),
        requests: requests.map(({ id, trainingRange }) => ({ id, trainingRange })),
        stages: deployments.map(({ id, stage }) => ({ id, stage })),
      })
      await told.stop()
      pipeline = null
    }
    expect(stories[0]!.stages.map(({ stage }) => stage)).toContain('promoted')
    for (const story of stories.slice(1)) expect(story).toEqual(stories[0])
    // Four stories: time for each as for a test of its own.
  }, 80_000)

  it('counts every event once: the sketches hold exactly what was sent', async () => {
    pipeline = await openSmallPipeline(steady)
    await pipeline.play(steady, 0, 5)
    await pipeline.restart()
    await pipeline.play(steady, 5, 10)
    const sent = Array.from({ length: 10 }, (_, minute) => minuteOf(steady, minute).length).reduce(
      (a, b) => a + b,
    )
    expect(await countSketches(pipeline.log, 'sketches')).toEqual({ events: sent, labelled: sent })
  })
})
