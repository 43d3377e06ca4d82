import { readFileSync } from 'node:fs'
import process from 'node:process'
import { parseDuration } from '../config/duration.ts'
import { loadPolicy } from '../config/load-policy.ts'
import type { AppOptions, ConfiguredModel } from '../config/options.ts'
import { DriftstreamError } from '../errors/driftstream-error.ts'
import type { Answer, NamedPolicy } from '../replay/policy-track.ts'
import { parseTime, readChanges } from '../replay/read-changes.ts'
import { ALL_TIME, type ReplayOptions } from '../replay/replay-options.ts'
import { APPROVAL_ANSWERS, type ApprovalAnswer } from '../replay/replayed-rollouts.ts'
import type { TriggerPolicy } from '../triggers/policy.ts'
import { readReferenceFile } from './reference-source.ts'

/** The flags of `driftstream replay`, as they are given. */
export interface ReplayFlags {
  readonly config: string
  readonly features?: string
  readonly kafka?: boolean
  readonly labels?: string
  readonly policy: readonly string[]
  readonly reference: readonly string[]
  readonly offsets: readonly string[]
  readonly from?: string
  readonly to?: string
  readonly changes?: string
  readonly trainingTime: string
  readonly labelDelay?: string
  readonly unanswered?: boolean
  readonly retrain?: boolean
  readonly artifact: readonly string[]
  readonly artifacts?: string
  readonly approval: string
  readonly report?: string
  readonly json?: boolean
  readonly quiet?: boolean
}

export const CONFIGURED = 'configured'
export const NEVER = 'never'

/** What flags and configuration come to. @throws CONFIG_INVALID, HISTORY_INVALID, REFERENCE_FILE_INVALID */
export async function optionsOf(
  app: AppOptions,
  flags: ReplayFlags,
): Promise<ReplayOptions<ConfiguredModel>> {
  const references = []
  for (const path of flags.reference) references.push(await readReferenceFile(path))
  const answer: Answer =
    flags.unanswered === true
      ? { kind: 'none' }
      : { kind: 'ends', afterMs: durationOf('--training-time', flags.trainingTime) }
  return {
    stream: app.stream,
    models: app.models,
    topics: app.topics.names,
    flushEventsMax: app.flush.eventsMax,
    policies: policiesOf(app, flags),
    references,
    range: {
      fromMs: flags.from === undefined ? ALL_TIME.fromMs : timeOf('--from', flags.from),
      toMs: flags.to === undefined ? ALL_TIME.toMs : timeOf('--to', flags.to),
    },
    changes: flags.changes === undefined ? [] : await readChanges(flags.changes),
    answer,
  }
}

export function approvalOf(text: string): ApprovalAnswer {
  const known = APPROVAL_ANSWERS.find((answer) => answer === text)
  if (known !== undefined) return known
  throw invalid(`--approval: expected one of ${APPROVAL_ANSWERS.join(', ')}, got "${text}"`)
}

function policiesOf(app: AppOptions, { config, policy }: ReplayFlags): NamedPolicy[] {
  const given = policy.length === 0 ? [CONFIGURED] : policy
  const source = { path: config, env: process.env, readFile: (path: string) => readFileSync(path, 'utf8') }
  const policies = given.map((text): NamedPolicy => {
    const at = text.indexOf('=')
    if (at > 0) return { name: text.slice(0, at), policies: loadPolicy(source, text.slice(at + 1)) }
    if (text === CONFIGURED) return { name: text, policies: new Map() }
    if (text === NEVER) return { name: text, policies: neverOf(app) }
    throw invalid(`--policy: expected name=file, ${CONFIGURED} or ${NEVER}, got "${text}"`)
  })
  const twice = policies.find(({ name }, index) => policies.findIndex((one) => one.name === name) !== index)
  if (twice === undefined) return policies
  throw invalid(`--policy: expected each name once, got "${twice.name}" twice`)
}

/** What happens when nothing is ever retrained: a trigger without members does not fire. */
function neverOf({ models }: AppOptions): ReadonlyMap<string, TriggerPolicy> {
  return new Map(
    [...models].map(([name, { policy }]) => [
      name,
      { ...policy, trigger: { kind: 'any', name: NEVER, of: [] } },
    ]),
  )
}

export function longestDelay({ models }: AppOptions): number {
  return Math.max(...[...models.values()].map(({ windows }) => windows.labelDelayMs))
}

export function durationOf(flag: string, text: string): number {
  const ms = parseDuration(text)
  if (ms !== null) return ms
  throw invalid(`${flag}: expected a duration such as 30m or 1d, got "${text}"`)
}

function timeOf(flag: string, text: string): number {
  const at = parseTime(text)
  if (at !== null) return at
  throw invalid(`${flag}: expected a day, ISO 8601 with a zone, or epoch milliseconds, got "${text}"`)
}

export function invalid(message: string): DriftstreamError {
  return new DriftstreamError('CONFIG_INVALID', message)
}

export function firstArtifactsOf(
  { models }: AppOptions,
  given: readonly string[],
): ReadonlyMap<string, string> {
  return new Map(
    given.map((text) => {
      const at = text.indexOf('=')
      if (at > 0 && models.has(text.slice(0, at))) return [text.slice(0, at), text.slice(at + 1)]
      throw invalid(
        `--artifact: expected model=path of one of ${[...models.keys()].join(', ')}, got "${text}"`,
      )
    }),
  )
}
