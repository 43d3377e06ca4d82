import { expect, it } from 'vitest'
import { ToldEpisodes } from '../../../../src/consumers/alerts/told-episodes.ts'
import { type DriftEvent, driftEventExample } from '../../../../src/events/drift-event.ts'

const event = (
  state: DriftEvent['state'],
  diagnosis: DriftEvent['diagnosis'],
  episodeId = 'e1',
): DriftEvent => ({
  ...driftEventExample,
  episodeId,
  state,
  diagnosis,
})

it('tells an episode when it begins, when its diagnosis is another and when it is over, and repeats nothing', () => {
  const told = new ToldEpisodes()
  const seen = [
    event('started', 'watch'),
    event('started', 'watch'),
    event('ongoing', 'watch'),
    event('ongoing', 'fix-data'),
    event('started', 'retrain', '__proto__'),
    event('ongoing', 'fix-data'),
    event('resolved', 'fix-data'),
    event('resolved', 'fix-data'),
    event('resolved', 'retrain', '__proto__'),
  ].map((one) => told.note(one))
  expect(seen).toEqual(['started', null, null, 'changed', 'started', null, 'resolved', null, 'resolved'])
})

it('begins with what it meets, where the beginning is no longer in the log', () => {
  const told = new ToldEpisodes()
  expect(told.note(event('ongoing', 'watch'))).toBe('started')
})
