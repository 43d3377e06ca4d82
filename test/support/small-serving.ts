import type { DeploymentEvent } from '../../src/events/deployment-event.ts'
import { firstRoute, routeAfter, type ServingRoute } from '../../src/events/serving-route.ts'

/** What a serving side makes of the deployments topic. */
export function routeOf(deployments: readonly DeploymentEvent[], version: string): ServingRoute {
  return deployments.reduce(routeAfter, firstRoute(version))
}
