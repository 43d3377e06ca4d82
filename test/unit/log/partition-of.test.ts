import { describe, expect, it } from 'vitest'
import { murmur2, partitionOf } from '../../../src/log/partition-of.ts'

describe('partitionOf', () => {
  // Apache Kafka, clients/src/test/java/org/apache/kafka/common/utils/UtilsTest.java, testMurmur2
  const published: [string, number][] = [
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ]

  it.each(published)('hashes %j as the Java client does', (text, expected) => {
    expect(murmur2(new TextEncoder().encode(text))).toBe(expected)
  })

  it('stays inside the partition count and takes text as its UTF-8 bytes', () => {
    for (let i = 0; i < 1000; i++) {
      const partition = partitionOf(`κλειδί-${i}`, 7)
      expect(partition).toBeGreaterThanOrEqual(0)
      expect(partition).toBeLessThan(7)
      expect(partition).toBe(partitionOf(new TextEncoder().encode(`κλειδί-${i}`), 7))
    }
  })
})
