import { expect, it } from 'vitest'
import { viewOf } from '../../../src/events/feature-event-view.ts'
import { listedSource } from '../../../src/replay/listed-source.ts'
import { replayHistory } from '../../../src/replay/replay-history.ts'
import { listedHistory, smallHistory, smallReplay } from '../../support/small-history.ts'
import { smallModel } from '../../support/small-options.ts'
import type { SmallWorld } from '../../support/small-world.ts'

const world: SmallWorld = { startMs: Date.UTC(2027, 0, 1), turnsAtMinute: 20, eventsPerMinute: 100, seed: 3 }

it('asks each policy of each of several models, and says of one what it says of it alone', async () => {
  const { features, labels } = smallHistory(world, 50)
  const other = <Event extends { readonly id: string }>(events: readonly Event[]) =>
    events.map((event) => ({ ...event, id: `other ${event.id}`, model: 'other' }))
  const both = <Event extends { readonly id: string; readonly at: number }>(events: readonly Event[]) =>
    [...events, ...other(events)].sort((a, b) => a.at - b.at)
  const options = smallReplay(world, {
    models: new Map([
      ['small', smallModel],
      ['other', { ...smallModel, name: 'other' }],
    ]),
  })
  const history = {
    features: [
      listedSource(
        'features',
        both(features).map((event) => viewOf(event)),
      ),
    ],
    labels: [listedSource('labels', both(labels))],
  }
  const together = await replayHistory(history, options)
  const alone = await replayHistory(listedHistory({ features, labels }), smallReplay(world))
  const requestOf = ({ policies }: typeof alone) => policies[0]!.models[0]!.requests.map(({ id }) => id)
  expect(requestOf(together)).toHaveLength(1)
  expect(requestOf(together)).toEqual(requestOf(alone))
  expect(together.courses[0]!.models[0]!.drift).toEqual(alone.courses[0]!.models[0]!.drift)
  expect(together.policies[0]!.models.map(({ model }) => model)).toEqual(['small', 'other'])
})
