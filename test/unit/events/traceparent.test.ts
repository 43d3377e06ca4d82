import { expect, it } from 'vitest'
import { traceparentOf } from '../../../src/events/traceparent.ts'

it('one trace an episode, one span a request, the same in a replay', () => {
  const [, trace, span] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-01$/.exec(traceparentOf('e1', 'r1'))!
  expect(traceparentOf('e1', 'r1')).toBe(`00-${trace}-${span}-01`)
  expect(traceparentOf('e1', 'r2')).toContain(trace)
  expect(traceparentOf('e1', 'r2')).not.toContain(span)
  expect(traceparentOf('e2', 'r1')).not.toContain(trace)
  expect(trace!.slice(0, 16)).not.toBe(trace!.slice(16))
})
