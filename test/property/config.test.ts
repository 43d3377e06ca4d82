import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { formatDuration, parseDuration } from '../../src/config/duration.ts'
import { checkConfig } from '../../src/config/load-config.ts'
import { editDistance } from '../../src/config/nearest-name.ts'
import { readYaml } from '../../src/config/read-yaml.ts'

describe('configuration', () => {
  it('reads back every duration it writes', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms)
      }),
    )
  })

  it('answers any text with options or faults, and never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.object().map((tree) => stringify(tree)),
        ),
        (text) => {
          const result = checkConfig(text)
          expect('options' in result || result.faults.length > 0).toBe(true)
        },
      ),
    )
  })

  it('answers any value anywhere with faults that lie there', () => {
    const paths = [
      ['kafka'],
      ['topics', 'features'],
      ['stream', 'paneLength'],
      ['mapping', 'label'],
      ['models', 'a', 'features', 'x'],
      ['models', 'a', 'windows'],
      ['models', 'a', 'triggers', 'trigger'],
      ['models', 'a', 'retraining', 'trainer', 'environment'],
    ]
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
        const tree = JSON.parse(
          '{"kafka":{"brokers":["a:1"]},"models":{"a":{"version":1,"task":"binary","features":{"y":"numeric"},"retraining":{"trainer":{"command":["train"]}}}}}',
        )
        let at = tree
        for (const step of path.slice(0, -1)) at = at[step] ??= {}
        at[path.at(-1)!] = value
        const result = checkConfig(JSON.stringify(tree))
        const faults = 'faults' in result ? result.faults : []
        const elsewhere = ['topics.', 'models.a.windows']
        const allowed = [path.join('.'), ...elsewhere]
        expect(faults.filter(({ path: at }) => !allowed.some((prefix) => at.startsWith(prefix)))).toEqual([])
      }),
    )
  })

  it('keeps every name of a mapping, in order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.oneof(fc.string(), fc.constant('__proto__'))), (names) => {
        const integerLike = (name: string) => /^\d+$/.test(name)
        fc.pre(!names.some(integerLike))
        const { tree } = readYaml(names.map((name) => `${JSON.stringify(name)}: 1`).join('\n'))
        expect(Object.keys(tree as object)).toEqual(names)
      }),
    )
  })

  it('measures names as a distance does: symmetric, zero only on equals, never more than the longer', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const distance = editDistance(a, b)
        expect(distance).toBe(editDistance(b, a))
        expect(distance === 0).toBe(a === b)
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length))
      }),
    )
  })
})
