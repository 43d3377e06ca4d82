import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { drawEventBytes, NUMERIC_SHAPE } from './json-sides.ts'
import { reportLine } from './report-line.ts'
import type { ResultLine } from './results-file.ts'

/** A Python way to read the same events, and the packages it needs from `requirements.txt`. */
interface PythonPeer {
  readonly name: string
  readonly measure: string
  readonly packages: readonly string[]
}

const PEERS: readonly PythonPeer[] = [
  { name: 'orjson-numpy', measure: 'orjson, numpy into 512 bins', packages: ['orjson', 'numpy'] },
  { name: 'polars', measure: 'polars into 512 bins', packages: ['polars', 'numpy'] },
  { name: 'whylogs', measure: 'orjson, whylogs track(row)', packages: ['whylogs', 'orjson'] },
  { name: 'river-adwin', measure: 'orjson, River ADWIN a feature', packages: ['river', 'orjson'] },
]

const execute = promisify(execFile)
const source = join(import.meta.dirname, 'python')
const EVENTS = 50_000
const INSTALL_TIMEOUT_MS = 600_000
const RUN_TIMEOUT_MS = 300_000

/** One core, as for the others. */
const ONE_THREAD = { POLARS_MAX_THREADS: '1', OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' }

/**
 * Measures the Python peers on the events of the JSON figures, which are written to a file for them. What
 * cannot be installed or does not run is said in one line and left out.
 */
export async function measurePythonPeers(say: (line: string) => void): Promise<ResultLine[]> {
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'driftstream', 'bench-python')
  const python = join(folder, 'bin', 'python')
  const eventsFile = join(folder, 'events.jsonl')
  try {
    mkdirSync(folder, { recursive: true })
    await execute('python3', ['-m', 'venv', folder], { timeout: INSTALL_TIMEOUT_MS })
  } catch (error) {
    say(`python: no virtual environment: ${reasonOf(error)}`)
    return []
  }
  const installed = await installPackages(python, say)
  writeFileSync(
    eventsFile,
    drawEventBytes(NUMERIC_SHAPE, EVENTS)
      .features.map((bytes) => `${bytes}\n`)
      .join(''),
  )

  const lines: ResultLine[] = []
  for (const peer of PEERS) {
    if (!peer.packages.every((name) => installed.has(name))) continue
    try {
      lines.push(await measurePeer(python, peer, eventsFile))
      say(`python: ${peer.name}`)
    } catch (error) {
      say(`python: ${peer.name}: ${reasonOf(error)}`)
    }
  }
  return lines
}

/** One by one, so that one package without a wheel for this machine does not take the others with it. */
async function installPackages(python: string, say: (line: string) => void): Promise<ReadonlySet<string>> {
  const requirements = join(source, 'requirements.txt')
  const pinned = new Map(
    Array.from(readFileSync(requirements, 'utf8').matchAll(/^([\w-]+)==\S+$/gm), ([line, name]) => [
      name,
      line,
    ]),
  )
  const installed = new Set<string>()
  for (const name of new Set(PEERS.flatMap(({ packages }) => packages))) {
    const version = pinned.get(name) ?? name
    try {
      await execute(python, ['-m', 'pip', 'install', '-q', '-c', requirements, version], {
        timeout: INSTALL_TIMEOUT_MS,
      })
      installed.add(name)
    } catch (error) {
      say(`python: ${version} could not be installed: ${reasonOf(error)}`)
    }
  }
  return installed
}

async function measurePeer(python: string, peer: PythonPeer, eventsFile: string): Promise<ResultLine> {
  const { stdout } = await execute(python, [join(source, 'measure.py'), peer.name, eventsFile], {
    timeout: RUN_TIMEOUT_MS,
    env: { ...process.env, ...ONE_THREAD },
  })
  const { microseconds } = JSON.parse(stdout) as { microseconds: number }
  const figure = {
    id: `cost-json-${peer.name}`,
    measure: `an event of 20 numeric: ${peer.measure}`,
    unit: 'us',
  }
  const measurements = [{ value: microseconds, nanoseconds: { [peer.name]: microseconds * 1e3 } }]
  return { ...reportLine({ ...figure, value: microseconds, goal: null }), measurements }
}

/** pip begins with what went wrong, Python ends with it. */
function reasonOf(error: unknown): string {
  const { stderr = '', message } = error as Error & { stderr?: string }
  const lines = (stderr.trim() || message).split('\n')
  return lines.find((line) => line.startsWith('ERROR:')) ?? lines.at(-1) ?? message
}
