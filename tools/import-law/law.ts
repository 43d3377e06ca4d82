/**
 * The import law of src/.
 *
 * Think before you change a line here. Everything driftstream promises (a replay gives the same bytes, an
 * alarm can be proven on a laptop without a broker, time can be moved by hand) rests on what the rooms may
 * not see:
 *
 * - Rooms stand in one order, and a file imports its own room and the rooms before it, never one behind it.
 *   So there are no cycles between rooms, and a room can be read, tested and moved with what stands before
 *   it alone. Types count: what a file names, it knows.
 * - Pure rooms compute. No I/O, no clock, no randomness, nothing of the host (its time zone, its locale, its
 *   environment): all of that comes as an argument. That is why the same step serves the consumer, the
 *   replay and the test, and why two machines agree on every verdict.
 * - The outside world stands at the edges, each piece behind one door: the Kafka client is known to one
 *   folder, trainers are started by the consumers and the command line alone.
 * - No dynamic import, anywhere: what this law cannot see it cannot keep.
 *
 * A new room is a line below, in its place. A wish to import backwards is usually a type that lives too far
 * back: move the type forward.
 */

export interface Room {
  readonly name: string
  readonly pure: boolean
}

/** In order: a room imports only the rooms before it. */
export const ROOMS: readonly Room[] = [
  { name: 'errors', pure: true },
  { name: 'events', pure: true },
  { name: 'statistics', pure: true },
  { name: 'sketches', pure: true },
  { name: 'windows', pure: true },
  { name: 'detectors', pure: true },
  { name: 'triggers', pure: true },
  { name: 'retraining', pure: true },
  { name: 'steps', pure: true },
  // Counted by every edge, served by one of them.
  { name: 'metrics', pure: true },
  { name: 'log', pure: false },
  { name: 'config', pure: false },
  { name: 'files', pure: false },
  // Schemas of source events: whoever decodes stands behind it.
  { name: 'registry', pure: false },
  // Before the consumers: an observer publishes dead letters, a detector its requests.
  { name: 'producers', pure: false },
  { name: 'consumers', pure: false },
  { name: 'http', pure: false },
  // Behind the consumers: a replayed retrain is prepared and judged by what does it for the real one.
  { name: 'replay', pure: false },
  { name: 'cli', pure: false },
]

/** A folder inside a room with another law than its room. */
export interface SubRoom {
  readonly folder: string
  readonly pure: boolean
  /** Rooms that may import it, apart from itself. */
  readonly importers: readonly string[]
  /** Rooms that may name its types, and nothing else. */
  readonly typeImporters: readonly string[]
}

export const SUB_ROOMS: readonly SubRoom[] = [
  {
    // Starts programs; what it returns is judged by the pure part of the room, which must not know it.
    folder: 'retraining/trainers',
    pure: false,
    importers: ['consumers', 'replay', 'cli'],
    typeImporters: ['config'],
  },
  {
    // What came of a replay, as text: the same result, the same bytes.
    folder: 'replay/report',
    pure: true,
    importers: ['cli'],
    typeImporters: [],
  },
]

/** Packages a pure room may use: they compute, or (croner, given a date) only compute. */
export const PURE_PACKAGES: ReadonlySet<string> = new Set([
  'zod',
  'simple-statistics',
  'tdigest',
  'croner',
  // Of it the parsing of schemas and the decoding of bytes; it also knows how to load files, which nobody asks for.
  'protobufjs',
])

/** Packages with one door: nothing outside the folder may import them. */
export const PACKAGE_FOLDERS: ReadonlyMap<string, string> = new Map([
  ['kafkajs', 'log/kafkajs'],
  // Optional: whoever imports it does not start where it is not installed. A process of its own does.
  ['onnxruntime-web', 'retraining/trainers/onnx'],
  ['@kafkajs/confluent-schema-registry', 'registry'],
])

/** Globals that no pure room may touch, each with what to do instead. */
export const IMPURE_GLOBALS: ReadonlyMap<string, string> = new Map([
  ['process', 'the environment is not a value; take what you need as an argument'],
  ['console', 'return what there is to say'],
  ['fetch', 'I/O belongs to an edge'],
  ['crypto', 'randomness comes as an argument'],
  ['performance', 'time comes as an argument'],
  ['setTimeout', 'time comes as an argument'],
  ['setInterval', 'time comes as an argument'],
  ['setImmediate', 'time comes as an argument'],
  ['globalThis', 'name the global you mean, so that this law can see it'],
  ['global', 'name the global you mean, so that this law can see it'],
  ['eval', 'what this law cannot read it cannot keep'],
  ['Function', 'what this law cannot read it cannot keep'],
])

/** Members of otherwise pure globals. */
export const IMPURE_MEMBERS: ReadonlyMap<string, string> = new Map([
  ['Date.now', 'time comes as an argument'],
  ['Math.random', 'randomness comes as an argument'],
])

/** Methods that answer in the host's time zone or locale: two machines would disagree. */
export const HOST_METHODS: ReadonlySet<string> = new Set([
  'getTimezoneOffset',
  'getFullYear',
  'getMonth',
  'getDate',
  'getDay',
  'getHours',
  'getMinutes',
  'setFullYear',
  'setMonth',
  'setDate',
  'setHours',
  'setMinutes',
  'toLocaleString',
  'toLocaleDateString',
  'toLocaleTimeString',
  'localeCompare',
])
