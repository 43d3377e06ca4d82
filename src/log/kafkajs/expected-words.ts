import { SILENT_TO_OTHERS } from './mend-silent-connections.ts'

/** What the client calls errors and warnings, and are things as they should be. */
const EXPECTED = [
  // Bounded on purpose: after an error the producer is replaced, never retried into the next transaction.
  'Limiting retries for the idempotent producer',
  // The coordinator is still finishing the transaction before; the send is retried.
  'The producer attempted to update a transaction while another concurrent operation',
  'The group is rebalancing',
  SILENT_TO_OTHERS,
  // A coordinator that has just started or moved. It is asked again; what comes of it in the end is thrown.
  'The group coordinator is not available',
  'This is not the correct coordinator for this group',
  "The coordinator is loading and hence can't process requests for this group",
]

/** Whether a line of the client's log tells of nothing that anybody could mend. */
export function isExpected(text: string): boolean {
  return EXPECTED.some((expected) => text.includes(expected))
}
