import { TOPIC_DEFAULTS } from '../../src/config/defaults.ts'
import type { TopicNames } from '../../src/config/options.ts'

/** A name for every topic that driftstream knows: its key, kebab-cased, behind a prefix of the test's own. */
export function topicNames(prefix: string): TopicNames {
  const kebab = (key: string) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  const names = Object.keys(TOPIC_DEFAULTS).map((key) => [key, `${prefix}${kebab(key)}`])
  return Object.fromEntries(names) as TopicNames
}

/** The same as lines under `topics:` of a configuration file. */
export function topicLines(prefix: string): string {
  return Object.entries(topicNames(prefix))
    .map(([key, name]) => `  ${key}: ${name}`)
    .join('\n')
}
