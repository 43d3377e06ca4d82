import { headerText } from '../../../src/events/headers.ts'
import type { OutgoingRecord } from '../../../src/log/port.ts'
import type { Scenario } from '../scenario.ts'
import { eventOf, featureOf } from '../stream.ts'

const PREFIX = '__connect.errors.'
const DAY_MS = 86_400_000
/** Above the mebibyte that an event may have. */
const HUGE_BYTES = 1_200_000

/** Ten ways in which a record is none that could be counted; `turn` counts the records of a kind. */
const KINDS: readonly ((record: OutgoingRecord, turn: number) => Partial<OutgoingRecord>)[] = [
  () => ({ value: null }),
  () => ({ value: Buffer.alloc(0) }),
  () => ({ value: Buffer.from([0xff, 0xfe, 0x00, 0x80]) }),
  ({ value }) => ({ value: value!.subarray(0, value!.length - 7) }),
  (record) => changed(record, (event) => ({ ...event, model: 'nobody' })),
  (record) => changed(record, ({ features, ...event }) => event),
  (record) => ({ timestamp: record.timestamp + 30 * DAY_MS }),
  (record) => changed(record, (event) => ({ ...event, note: 'x'.repeat(HUGE_BYTES) })),
  // A schema registry's frame, which nobody here has, whole and cut off behind 0 to 4 bytes of its id.
  ({ value }) => ({ value: Buffer.concat([FRAME, value!]) }),
  (_record, turn) => ({ value: FRAME.subarray(0, 1 + (turn % 5)) }),
]

const FRAME = Buffer.from([0, 0, 0, 0, 7])

/** What a value that begins as a frame does is refused with; null for all others. */
function codeOfFrame(value: Uint8Array | null): string | null {
  if (value?.[0] !== 0) return null
  return value.length < FRAME.length ? 'EVENT_UNDECODABLE' : 'SCHEMA_REGISTRY_MISSING'
}

/** One record in a hundred is poison: each comes out as a dead letter, byte for byte, and costs nobody else. */
export const poison: Scenario = {
  id: 'T8',
  name: 'poison',
  brokers: 1,
  inQuick: true,
  async play({ open, quick }) {
    const field = await open({ name: 't8', topicSettings: { 'max.message.bytes': '3000000' } })
    const worker = field.start('observe')
    await worker.assigned()
    const total = quick ? 8_000 : 100_000
    const wanted = new Map<string, Buffer | null>()
    for (let left = total; left > 0; left -= 100) {
      await field.produce(99)
      const kind = KINDS[(left / 100) % KINDS.length]!
      const record = featureOf(eventOf(field.plan, total + left), field.features)
      const bad = { ...record, ...kind(record, Math.floor(left / 100 / KINDS.length)) }
      const { written } = await field.producer.send([bad])
      wanted.set(`${bad.partition}/${written[0]!.offset - 1}`, bad.value as Buffer | null)
    }
    await field.reached(1)
    const faults: string[] = []
    let letters = 0
    for (const { partition, low, high } of await field.log.offsets(field.names.deadLetters)) {
      const range = { topic: field.names.deadLetters, partition, from: low, to: high }
      for await (const { records } of field.log.read([range])) {
        for (const { value, headers } of records) {
          letters++
          const at = (what: string) => headerText(headers, `${PREFIX}${what}`)
          const place = `${at('partition')}/${at('offset')}`
          if (!wanted.has(place)) faults.push(`a dead letter of ${place}, which was not poison or came twice`)
          else if (!sameBytes(wanted.get(place)!, value)) faults.push(`dead letter of ${place}: other bytes`)
          const code = codeOfFrame(value)
          const said = at('exception.class.name')
          if (code !== null && said !== code) faults.push(`dead letter of ${place}: ${said}, not ${code}`)
          wanted.delete(place)
        }
      }
    }
    for (const place of wanted.keys()) faults.push(`no dead letter of ${place}`)
    if (worker.assignments !== 1) faults.push(`expected one assignment, got ${worker.assignments}`)
    return {
      verdict: await field.verdict(),
      measured: { 'dead letters': letters },
      faults: faults.slice(0, 8),
    }
  },
}

function changed(
  { value }: OutgoingRecord,
  change: (event: Record<string, unknown>) => Record<string, unknown>,
) {
  return { value: Buffer.from(JSON.stringify(change(JSON.parse(Buffer.from(value!).toString())))) }
}

function sameBytes(one: Buffer | null, other: Uint8Array | null): boolean {
  return one === null || other === null ? one === other : one.equals(other)
}
