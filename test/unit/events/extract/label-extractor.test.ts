import { describe, expect, it } from 'vitest'
import { createLabelExtractor } from '../../../../src/events/extract/label-extractor.ts'
import { labelEventExample } from '../../../../src/events/label-event.ts'
import { DEFAULT_MAPPING } from '../../../../src/events/mapping.ts'
import { createAgreement } from '../../../support/extract-agreement.ts'

const bytes = (event: unknown) => Buffer.from(JSON.stringify(event))

describe('createLabelExtractor', () => {
  it('reads label events, the first one too', () => {
    const extractor = createLabelExtractor(DEFAULT_MAPPING)
    for (let event = 0; event < 3; event++)
      expect(extractor.extract(bytes(labelEventExample))).toEqual(labelEventExample)
    expect([extractor.readCount, extractor.decodedCount]).toEqual([3, 0])
  })

  it('hands out the four fields and nothing else, decoded or read', () => {
    const extractor = createLabelExtractor(DEFAULT_MAPPING)
    const strange = JSON.stringify(labelEventExample).replace('{', '{"__proto__":{"x":1},"\\u0065xtra":1,')
    expect(extractor.extract(Buffer.from(strange))).toEqual(labelEventExample)
    expect(extractor.decodedCount).toBe(1)
    const event = extractor.extract(bytes({ ...labelEventExample, extra: [1] }))
    expect(Object.keys(event)).toEqual(['model', 'id', 'at', 'label'])
    expect(Object.getPrototypeOf(event)).toBe(Object.prototype)
  })

  it('agrees with the decoder on every kind of field', () => {
    const agreement = createAgreement(DEFAULT_MAPPING, [])
    const values = [
      0,
      -0,
      1.5,
      'late',
      '',
      true,
      false,
      null,
      [],
      {},
      '2001-01-29T08:02:00+01:00',
      'x'.repeat(513),
    ]
    for (const field of ['model', 'id', 'at', 'label']) {
      for (const value of [undefined, ...values]) {
        expect(
          agreement.label(bytes({ ...labelEventExample, [field]: value })),
          `${field} ${String(value)}`,
        ).toBeNull()
      }
    }
    expect(agreement.readCount).toBeGreaterThan(15)
  })
})
