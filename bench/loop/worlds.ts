import type { World } from './world.ts'
import { electricity } from './worlds/electricity.ts'
import { flights } from './worlds/flights.ts'
import { drawnSea, recordedSea } from './worlds/sea.ts'

export interface WorldSource {
  readonly id: string
  readonly seeds: number
  /** Null where the stream was recorded and the folder has no such file. */
  open(folder: string | null, seed: number): Promise<World | null>
}

const DRAWN_ROWS = 12_000

export const WORLDS: readonly WorldSource[] = [
  { id: 'sea-drawn', seeds: 5, open: async (_, seed) => drawnSea(seed, DRAWN_ROWS) },
  { id: 'sea', seeds: 3, open: async (folder, seed) => recordedSea(folder, seed) },
  { id: 'electricity', seeds: 3, open: async (folder, seed) => electricity(folder, seed) },
  { id: 'flights', seeds: 3, open: (_, seed) => flights(seed, false) },
  { id: 'flights-turned', seeds: 3, open: (_, seed) => flights(seed, true) },
]

/** @throws Error where a name is none of those in `WORLDS` */
export function chooseWorlds(names: string | undefined): readonly WorldSource[] {
  if (names === undefined) return WORLDS
  return names.split(',').map((name) => {
    const found = WORLDS.find(({ id }) => id === name)
    if (found !== undefined) return found
    throw new Error(`--world: expected some of ${WORLDS.map(({ id }) => id).join(', ')}, got "${name}"`)
  })
}
