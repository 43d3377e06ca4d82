import { readFile } from 'node:fs/promises'
import type { AppOptions } from '../config/options.ts'
import { readEvents, unlessRefused } from '../consumers/read-events.ts'
import { DriftstreamError } from '../errors/driftstream-error.ts'
import { parseJson } from '../events/cloud-event.ts'
import { championAfter, type DeploymentEvent, deploymentEventType } from '../events/deployment-event.ts'
import { parseEvent } from '../events/parse-event.ts'
import { referenceEvent, referenceEventType } from '../events/reference-event.ts'
import { fileFault } from '../files/file-fault.ts'
import type { Log } from '../log/port.ts'
import { fromReferenceEvent } from '../sketches/reference-wire.ts'
import type { Reference } from '../sketches/types.ts'

/** What the control topics say of references: those published, in log order, and what became of versions. */
export interface PublishedReferences {
  readonly references: readonly Reference[]
  /** The version each model serves: promoted last, else the one configured. */
  readonly serving: ReadonlyMap<string, string>
}

/** Reads both topics to their present end; what cannot be decoded is passed over, as every reader does. */
export async function readPublishedReferences(log: Log, options: AppOptions): Promise<PublishedReferences> {
  const { names } = options.topics
  const references = (await readEvents(log, names.references, referenceEventType)).flatMap((event) => {
    const reference = unlessRefused(() => fromReferenceEvent(event))
    return reference === null ? [] : [reference]
  })
  const serving = new Map([...options.models].map(([model, { version }]) => [model, version]))
  const deployments: DeploymentEvent[] = await readEvents(log, names.deployments, deploymentEventType)
  for (const event of deployments) {
    serving.set(event.model, championAfter(serving.get(event.model) ?? event.fromVersion, event))
  }
  return { references, serving }
}

/** The reference written by `reference build --output`. @throws REFERENCE_FILE_INVALID with the path */
export async function readReferenceFile(path: string): Promise<Reference> {
  try {
    return fromReferenceEvent(parseEvent(referenceEvent, parseJson(await readFile(path))))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw fileFault('REFERENCE_FILE_INVALID', path, 0, `expected a reference as JSON, got: ${reason}`, error)
  }
}

/**
 * The newest reference of a model, or of one version of it; ready ones before those that are only cut.
 * @throws REFERENCE_UNKNOWN naming what there is
 */
export function findReference(
  references: readonly Reference[],
  model: string,
  version: string | undefined,
): Reference {
  const candidates = references.filter(
    (reference) => reference.model === model && (version === undefined || reference.version === version),
  )
  const found = candidates.findLast(({ stage }) => stage !== 'cut') ?? candidates.at(-1)
  if (found !== undefined) return found
  const known = [...new Set(references.map((reference) => `${reference.model} ${reference.version}`))]
  const asked = version === undefined ? `model "${model}"` : `model "${model}" version "${version}"`
  throw new DriftstreamError(
    'REFERENCE_UNKNOWN',
    `expected a reference of ${asked}, the topic has ${known.length === 0 ? 'none' : known.join(', ')}`,
    { model },
  )
}
