import { expect, it } from 'vitest'
import { registryOf, tableOf } from '../support/fake-registry.ts'
import type { Format } from '../support/framed-events.ts'
import { openSmallPipeline } from '../support/small-pipeline.ts'
import type { SmallWorld } from '../support/small-world.ts'

const world: SmallWorld = {
  startMs: Date.UTC(2027, 0, 1),
  turnsAtMinute: 30,
  eventsPerMinute: 120,
  seed: 7,
}

/** What was said of the world, with its features and labels in a format; null is JSON without a frame. */
async function storyIn(format: Format | null) {
  const schemas = format === null ? null : tableOf(registryOf(format))
  const framed = format === null || schemas === null ? {} : { framed: { format, schemas } }
  const pipeline = await openSmallPipeline(world, (log) => log, framed)
  try {
    await pipeline.play(world, 0, 60)
    const { drift, requests, deployments, deadLetters } = await pipeline.published()
    // Of each run are: the folder, the trainer's process, the clock.
    const stages = deployments.map(({ artifact, job, at, ...stage }) => stage)
    return { drift, requests, stages, deadLetters }
  } finally {
    await pipeline.stop()
    schemas?.close()
  }
}

it('judges, trains on and promotes by framed topics as by JSON, to the last number', async () => {
  const plain = await storyIn(null)
  // The retrainer has read its rows back from the topics, and the gates have compared both versions on them.
  expect(plain.stages.map(({ stage }) => stage)).toContain('promoted')
  expect(plain.stages.at(-1)!.gates.length).toBeGreaterThan(0)
  expect(plain.deadLetters).toEqual([])
  for (const format of ['AVRO', 'PROTOBUF'] as const) expect(await storyIn(format)).toEqual(plain)
}, 80_000)
