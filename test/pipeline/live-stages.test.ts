import pino from 'pino'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ReferenceTable } from '../../src/consumers/reference-table.ts'
import { sendDecision } from '../../src/consumers/send-command.ts'
import type { DeploymentEvent } from '../../src/events/deployment-event.ts'
import { smallRollout as rollout } from '../support/small-options.ts'
import {
  openSmallPipeline,
  type SmallPipeline,
  type SmallVariant,
  smallReference,
} from '../support/small-pipeline.ts'
import { featureEventOf, type SmallWorld, type WorldEvent } from '../support/small-world.ts'

const MINUTE_MS = 60_000

const world: SmallWorld = {
  startMs: Date.UTC(2027, 0, 1),
  turnsAtMinute: 30,
  eventsPerMinute: 120,
  seed: 7,
}

let pipeline: SmallPipeline | null = null
afterEach(async () => {
  await pipeline?.stop()
  pipeline = null
})

async function open(variant: SmallVariant): Promise<SmallPipeline> {
  pipeline = await openSmallPipeline(world, undefined, { rollout, ...variant })
  return pipeline
}

const last = async (each: SmallPipeline): Promise<DeploymentEvent | undefined> =>
  (await each.published()).deployments.at(-1)

/** Plays until a stage is reached, and says at which minute. */
async function playTo(
  each: SmallPipeline,
  from: number,
  stage: DeploymentEvent['stage'],
  most = from + 90,
): Promise<number> {
  for (let minute = from; minute < most; minute++) {
    await each.play(world, minute, minute + 1)
    if ((await last(each))?.stage === stage) return minute + 1
  }
  throw new Error(`expected ${stage} before minute ${most}, got ${(await last(each))?.stage}`)
}

describe('a candidate on live events', () => {
  it('goes through shadow and canary to all traffic, and stays, with a restart at every stage', async () => {
    const each = await open({})
    let minute = 0
    for (const stage of ['shadow', 'canary', 'promoted', 'confirmed'] as const) {
      minute = await playTo(each, minute, stage)
      await each.restart()
    }
    const { deployments, comparisons, deadLetters, requests } = await each.published()
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
    expect(requests).toHaveLength(1)
    expect(deadLetters).toEqual([])
    const [ofShadow, ofCanary, ofWatch] = deployments.slice(5).map(({ comparison }) => comparison!)
    expect(ofShadow).toMatchObject({ design: 'paired', loss: 'brier' })
    // Both answered the same events: no answer of the candidate was taken for a repeat.
    expect(ofShadow!.challenger.labelled).toBe(ofShadow!.champion.labelled)
    expect(ofShadow!.challenger.labelled).toBeGreaterThanOrEqual(240)
    expect(ofCanary).toMatchObject({ design: 'samples' })
    expect(ofCanary!.difference).toBeLessThan(-0.2)
    expect(ofCanary!.logProof).toBeGreaterThan(Math.log(20))
    const share = ofCanary!.challenger.events / (ofCanary!.challenger.events + ofCanary!.champion.events)
    expect(share).toBeCloseTo(0.1, 1)
    expect(ofWatch).toMatchObject({
      design: 'past',
      champion: { version: '1' },
      challenger: { version: '2' },
    })
    expect(new Set(comparisons.map(({ id }) => id)).size).toBe(comparisons.length)
  })

  it('meets the same decisions by the same numbers without a restart and with many', async () => {
    const stories: unknown[] = []
    for (const restarts of [false, true]) {
      const each = await open({ rollout: { ...rollout, canary: { ...rollout.canary!, labelledMin: 120 } } })
      for (let minute = 0; minute < 75; minute++) {
        await each.play(world, minute, minute + 1)
        // Between the looks of every stage, not only at their ends.
        if (restarts && minute > 35 && minute % 3 === 0) await each.restart()
      }
      const { deployments, comparisons } = await each.published()
      const told = deployments.map(({ stage, trafficShare, comparison, reason }) => {
        return { stage, trafficShare, comparison, reason: stage === 'training' ? '' : reason }
      })
      stories.push({ told, comparisons })
      await each.stop()
      pipeline = null
    }
    expect(stories[1]).toEqual(stories[0])
    expect(JSON.stringify(stories[0])).toContain('confirmed')
  }, 120_000)

  it('that was promoted and is watched goes back at a word', async () => {
    const each = await open({ rollout: { ...rollout, shadow: null, canary: null } })
    const minute = await playTo(each, 0, 'promoted')
    const { requestId } = (await last(each))!
    await sendDecision(each.log, each.options.topics.names, {
      kind: 'cancel',
      request: requestId,
      by: 'ada',
      reason: 'called from Denver',
      at: world.startMs + minute * MINUTE_MS,
    })
    await each.play(world, minute, minute + 1)
    expect(await last(each)).toMatchObject({
      stage: 'rolled-back',
      fromVersion: '1',
      reason: 'rolled back by ada: called from Denver',
    })
  })

  it('that is worse in shadow is rejected before anybody hears it', async () => {
    const each = await open({})
    const minute = await playTo(each, 0, 'shadow')
    // The world turns back: what the candidate learned is wrong now.
    const back = { ...world, turnsAtMinute: 1000 }
    for (let at = minute; at < minute + 20 && (await last(each))?.stage === 'shadow'; at++) {
      await each.play(back, at, at + 1)
    }
    const end = await last(each)
    expect(end).toMatchObject({ stage: 'rejected', trafficShare: 0 })
    expect(end!.reason).toContain('version 2 is surely worse')
    expect(end!.comparison!.logHarm).toBeGreaterThan(Math.log(60))
  })

  it('that is worse in its canary is rolled back, and nothing is asked for at once', async () => {
    const each = await open({ rollout: { ...rollout, shadow: null } })
    const minute = await playTo(each, 0, 'canary')
    const back = { ...world, turnsAtMinute: 1000 }
    for (let at = minute; at < minute + 40 && (await last(each))?.stage === 'canary'; at++) {
      await each.play(back, at, at + 1)
    }
    const end = await last(each)
    expect(end).toMatchObject({ stage: 'rolled-back', fromVersion: '1', toVersion: '2', trafficShare: 0 })
    await each.play(world, minute + 40, minute + 60)
    expect((await each.published()).requests).toHaveLength(1)
  })

  it('that does not answer in its canary is rolled back', async () => {
    const answers = (event: WorldEvent, version: string) =>
      version === '2' ? null : featureEventOf(event, version)
    const each = await open({ rollout: { ...rollout, shadow: null }, answers })
    const minute = await playTo(each, 0, 'canary')
    await playTo(each, minute, 'rolled-back', minute + 40)
    const end = await last(each)
    expect(end!.reason).toContain('version 2 answered 0.0 %')
  })

  it('that turns bad after its promotion is rolled back to the version before, whose reference holds again', async () => {
    const each = await open({ rollout: { ...rollout, watch: { durationMs: 60 * MINUTE_MS } } })
    const minute = await playTo(each, 0, 'promoted')
    const back = { ...world, turnsAtMinute: 1000 }
    for (let at = minute; at < minute + 40 && (await last(each))?.stage === 'promoted'; at++) {
      await each.play(back, at, at + 1)
    }
    const { requests } = await each.published()
    const end = await last(each)
    expect(end).toMatchObject({ stage: 'rolled-back', fromVersion: '1', toVersion: '2', trafficShare: 0 })
    await each.restart()
    await each.play(back, minute + 40, minute + 60)
    const after = await each.published()
    expect(after.requests).toHaveLength(requests.length)
    expect(after.deployments.at(-1)!.stage).toBe('rolled-back')
  })

  it('that was rolled back leaves the reference of the version before where whoever starts later finds it', async () => {
    const each = await open({
      rollout: { shadow: null, canary: null, watch: rollout.watch, harm: 0.05, proof: 0.05, margin: 0.01 },
    })
    const minute = await playTo(each, 0, 'promoted')
    const [request] = (await each.published()).requests
    const decision = { kind: 'cancel', request: request!.id, by: 'ada', reason: '', at: 0 } as const
    await sendDecision(each.log, each.options.topics.names, decision)
    await vi.waitFor(async () => expect((await last(each))!.stage).toBe('rolled-back'), {
      timeout: 20_000,
      interval: 20,
    })

    // An observer that starts now, and a detector that has nothing but the log.
    const { names } = each.options.topics
    const table = await ReferenceTable.open(each.log, names.references, pino({ level: 'silent' }))
    const reference = smallReference(world)
    expect([table.get('small', '1')?.id, table.get('small', '2')?.version]).toEqual([reference.id, '2'])
    await table.close()
    await each.restart()
    const before = (await each.published()).drift.length
    // Version 1 serves again in a world that has turned: who started after that holds it to its own reference.
    await each.play(world, minute, minute + 3)
    expect((await each.published()).drift.slice(before)).toMatchObject([
      { version: '1', referenceId: reference.id, state: 'started', diagnosis: 'retrain' },
    ])
  })

  it.each([
    ['shadow', 30, 'timed-out'],
    ['canary', 60, 'rolled-back'],
  ] as const)(
    'whose stream stands still in its %s is there no longer than %i minutes by the clock',
    async (stage, maximum, end) => {
      const each = await open({ rollout: { ...rollout, shadow: stage === 'shadow' ? rollout.shadow : null } })
      const began = await playTo(each, 0, stage)
      const laterBy = (minutes: number) => each.emit([], world.startMs + (began + minutes) * MINUTE_MS)
      await laterBy(maximum - 1)
      // Who comes then knows nothing of the silence before, and waits a while before it believes in it.
      await each.restart()
      await laterBy(maximum + 5)
      await each.restart()
      expect((await last(each))!.stage).toBe(stage)
      await laterBy(maximum + 30)
      await vi.waitFor(async () => expect((await last(each))!.stage).toBe(end), {
        timeout: 20_000,
        interval: 20,
      })
      expect(await last(each)).toMatchObject({
        trafficShare: 0,
        reason: expect.stringContaining('no comparison has come for long'),
      })
      // The stream goes on, and nobody compares any more.
      const { comparisons } = await each.published()
      await each.play(world, began, began + 3)
      expect((await each.published()).comparisons.filter(({ stage: of }) => of === stage)).toHaveLength(
        comparisons.filter(({ stage: of }) => of === stage).length,
      )
    },
  )
})
