import { championAfter, type DeploymentEvent } from './deployment-event.ts'
import { stableId } from './stable-id.ts'

/** Who answers the events of a model: the champion, and a candidate in its shadow or with a share of the traffic. */
export interface ServingRoute {
  readonly champion: string
  readonly candidate: string | null
  /** Of the events that the candidate answers in the champion's place, 0 to 1; 0 beside a candidate: its shadow. */
  readonly share: number
}

/** The route of a model before any deployment. */
export function firstRoute(champion: string): ServingRoute {
  return { champion, candidate: null, share: 0 }
}

/** What a serving side makes of a deployment event. */
export function routeAfter(route: ServingRoute, event: DeploymentEvent): ServingRoute {
  const { stage, toVersion, trafficShare } = event
  if (stage === 'refused') return route
  const isLive =
    stage === 'shadow' || stage === 'canary' || (stage === 'awaiting-approval' && trafficShare > 0)
  const champion = championAfter(route.champion, event)
  return isLive ? { champion, candidate: toVersion, share: trafficShare } : firstRoute(champion)
}

/** The versions that answer an event, the first of them heard: in shadow both, in a canary one, by a hash of its id. */
export function versionsOf(id: string, { champion, candidate, share }: ServingRoute): readonly string[] {
  if (candidate === null) return [champion]
  if (share === 0) return [champion, candidate]
  return [placeOf(id) < share ? candidate : champion]
}

/**
 * From 0 to 1, and nothing to do with what the event says. Hashed twice: after one round the hashes of ids that
 * differ in their last digit alone lie side by side, and neighbours in time would be answered by one version.
 */
function placeOf(id: string): number {
  return Number.parseInt(stableId('route', stableId(id)).slice(0, 8), 16) / 2 ** 32
}
