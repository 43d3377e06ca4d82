import type { DeploymentEvent } from '../../events/deployment-event.ts'

/** Stages in which a candidate meets live events. */
const LIVE: ReadonlySet<DeploymentEvent['stage']> = new Set(['shadow', 'canary'])

/** `canary (5 %)`; of another stage its name. */
export function stageText({ stage, trafficShare }: DeploymentEvent): string {
  return stage === 'canary' ? `canary (${Number((100 * trafficShare).toPrecision(3))} %)` : stage
}

/** A stretch in which one candidate met live events at one stage and share. */
export interface Trial {
  readonly event: DeploymentEvent
  readonly fromMs: number
  readonly toMs: number
}

/** The trials that deployments tell of; one that history does not see the end of lasts until `endMs`. */
export function trialsOf(deployments: readonly DeploymentEvent[], endMs: number): Trial[] {
  return deployments.flatMap((event, at) => {
    if (!LIVE.has(event.stage)) return []
    const next = deployments.slice(at + 1).find(({ requestId }) => requestId === event.requestId)
    return [{ event, fromMs: event.at, toMs: next?.at ?? endMs }]
  })
}
