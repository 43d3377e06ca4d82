import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { CommandEvent } from '../events/command-event.ts'
import { type DeploymentEvent, deploymentEventType, TERMINAL_STAGES } from '../events/deployment-event.ts'
import { stableId } from '../events/stable-id.ts'
import type { Log } from '../log/port.ts'
import { readEvents } from './read-events.ts'
import { writeCommand } from './write-command.ts'

/** What a person decides of a candidate on its way. */
export interface Decision {
  readonly kind: 'approve' | 'reject' | 'cancel'
  /** The request's id, or its first characters where no other candidate's begin so. */
  readonly request: string
  readonly by: string
  readonly reason: string
  /** Epoch ms. */
  readonly at: number
}

/**
 * Writes a decision to the commands topic, once the deployments topic says that there is a candidate it is
 * about: on its way, and to approve or reject it, waiting for approval; to cancel it, also promoted and
 * watched. Returns what was written; what becomes of it the deployments topic will say.
 * @throws REQUEST_UNKNOWN when there is no such candidate, or more than one
 */
export async function sendDecision(
  log: Log,
  topics: { readonly deployments: string; readonly commands: string },
  decision: Decision,
): Promise<CommandEvent> {
  const { kind, request, by, reason, at } = decision
  const told = await readEvents(log, topics.deployments, deploymentEventType)
  const newest = new Map(told.map((event) => [event.requestId, event]))
  const found = [...newest.values()].filter(
    (event) => event.requestId.startsWith(request) && isOpen(event, kind),
  )
  const [candidate] = found
  if (candidate === undefined || found.length > 1) {
    const got = found.map(({ requestId }) => requestId).join(', ') || 'none'
    const message = `expected one candidate on its way whose request begins with "${request}", found ${got}`
    throw new DriftstreamError('REQUEST_UNKNOWN', message, { request })
  }
  const { requestId, model, stage } = candidate
  if (kind !== 'cancel' && stage !== 'awaiting-approval') {
    const message = `expected request ${requestId} to await approval, it is at the stage ${stage}`
    throw new DriftstreamError('REQUEST_UNKNOWN', message, { request: requestId, stage })
  }
  const id = stableId('command', model, kind, requestId, by, at)
  return writeCommand(log, topics.commands, { id, model, at, by, reason, kind, requestId })
}

/** On its way; a promotion that is watched can be cancelled as well. */
function isOpen({ stage, watched }: DeploymentEvent, kind: Decision['kind']): boolean {
  return !TERMINAL_STAGES.has(stage) || (kind === 'cancel' && stage === 'promoted' && watched === true)
}
