import { setTimeout as sleep } from 'node:timers/promises'
import type { RegisteredSchema } from '../../src/events/framed/schema.ts'
import type { RegistryClient } from '../../src/registry/registry-client.ts'
import type { Pace } from '../../src/registry/schema-table.ts'

/** Milliseconds where a real one has seconds. */
export const FAST_PACE: Pace = { askAgainMs: 60, pauseMs: 4, pauseMaxMs: 8, impatientMs: 60_000 }

/** A registry of which the test says what it knows and whether it answers. */
export class FakeRegistry implements RegistryClient {
  readonly known = new Map<number, RegisteredSchema>()
  readonly asked: { readonly id: number; readonly at: number }[] = []
  isAway = false
  mostAtOnce = 0
  #atOnce = 0

  async fetch(id: number): Promise<RegisteredSchema | null> {
    this.asked.push({ id, at: performance.now() })
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#atOnce)
    const found = this.known.get(id) ?? null
    await sleep(1)
    this.#atOnce--
    if (this.isAway) throw new Error('nobody there')
    return found
  }

  close(): void {}

  requestsFor(id: number): number {
    return this.asked.filter((each) => each.id === id).length
  }
}
