import { join } from 'node:path'
import { type SideDone, SideProcess } from './side-process.ts'
import { type Stage, writeConfiguration } from './stage.ts'

/** One way through all records of a topic. */
export interface Way {
  readonly name: string
  /** Starts its processes under names of their own; more than one share the partitions. */
  start(run: string): Promise<SideProcess[]>
}

/** Microseconds a record, of one run. */
export interface Cost {
  /** From the first record read to the last one handled; an observer's is committed then. */
  readonly wall: number
  /** The same from the start of the process: imports, connections, the group, an observer's producers. */
  readonly launch: number
  /** Of all threads, from the first record read. */
  readonly cpu: number
}

export function bareLoop(stage: Stage, prefix: string, records: number): Way {
  return {
    name: 'bare loop',
    start: async (run) => [
      new SideProcess(join(stage.sides, 'bare-loop.js'), [
        stage.brokers.join(),
        `${prefix}.features`,
        run,
        String(records),
      ]),
    ],
  }
}

/** So many observers of one group, started with these flags of Node; everything else as by default. */
export function observers(
  stage: Stage,
  prefix: string,
  records: number,
  count: number,
  flags: readonly string[] = [],
): Way {
  return {
    name: [count === 1 ? 'observer' : `${count} observers`, ...flags].join(' '),
    start: async (run) => {
      const path = await writeConfiguration(stage, { prefix, group: run, stream: '' })
      return Array.from(
        { length: count },
        () => new SideProcess(join(stage.sides, 'observer.js'), [path, String(records / count)], flags),
      )
    },
  }
}

/**
 * Lets the ways take turns, in an order that reverses from repeat to repeat, and returns what each repeat cost
 * each of them.
 */
export async function takeTurns(
  ways: readonly Way[],
  { repeats, run }: { readonly repeats: number; readonly run: string },
  say: (line: string) => void,
): Promise<Cost[][]> {
  const costs: Cost[][] = ways.map(() => [])
  for (let repeat = 0; repeat < repeats; repeat++) {
    const turns = [...ways.entries()]
    for (const [index, way] of repeat % 2 === 0 ? turns : turns.reverse()) {
      const cost = await once(way, `${run}-${repeat}-${index}`)
      costs[index]!.push(cost)
      const [wall, launch, cpu] = [cost.wall, cost.launch, cost.cpu].map((us) => us.toFixed(2))
      say(`${run}, ${way.name}: ${wall} us a record, ${launch} from launch, ${cpu} of CPU`)
    }
  }
  return costs
}

async function once(way: Way, run: string): Promise<Cost> {
  const sides = await way.start(run)
  try {
    const done = await Promise.all(sides.map((side) => side.done()))
    return costOf(done)
  } finally {
    // One that never got a word in is stopped with the others.
    await Promise.all(sides.map((side) => side.stop()))
  }
}

/** Processes that run side by side: their rates add up. */
function costOf(done: readonly SideDone[]): Cost {
  const since = (from: 'firstReadAt' | 'launchedAt') =>
    1_000 / done.reduce((rate, side) => rate + side.records / (side.endedAt - side[from]), 0)
  const records = done.reduce((sum, side) => sum + side.records, 0)
  const cpu = done.reduce((sum, side) => sum + side.cpuMicroseconds, 0)
  return { wall: since('firstReadAt'), launch: since('launchedAt'), cpu: cpu / records }
}
