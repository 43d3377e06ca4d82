import { championAfter, type DeploymentEvent } from '../../src/events/deployment-event.ts'
import { stableId } from '../../src/events/stable-id.ts'

/** Who answers: the champion, and a candidate in its shadow or with a share of the traffic. */
export interface Route {
  readonly champion: string
  readonly candidate: string | null
  readonly share: number
}

/** What a serving side makes of the deployments topic. */
export function routeOf(deployments: readonly DeploymentEvent[], version: string): Route {
  let route: Route = { champion: version, candidate: null, share: 0 }
  for (const event of deployments) {
    const champion = championAfter(route.champion, event)
    const { stage, toVersion, trafficShare } = event
    const isLive =
      stage === 'shadow' || stage === 'canary' || (stage === 'awaiting-approval' && trafficShare > 0)
    if (isLive) route = { champion, candidate: toVersion, share: trafficShare }
    else if (stage !== 'refused') route = { champion, candidate: null, share: 0 }
  }
  return route
}

/** The versions that answer an event: in shadow both, in a canary one, by a hash of the event. */
export function versionsOf(id: string, { champion, candidate, share }: Route): string[] {
  if (candidate === null) return [champion]
  if (share === 0) return [champion, candidate]
  const place = Number.parseInt(stableId('route', id).slice(0, 8), 16) / 2 ** 32
  return [place < share ? candidate : champion]
}
