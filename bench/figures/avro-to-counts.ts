import avsc from 'avsc'
import { createSourceDecoder } from '../../src/events/decode-source-event.ts'
import { createFeatureExtractor } from '../../src/events/extract/feature-extractor.ts'
import { compileSchema } from '../../src/events/framed/schema.ts'
import { DEFAULT_MAPPING } from '../../src/events/mapping.ts'
import { framed } from '../../test/support/framed-events.ts'
import { tellRatio } from '../figure-process.ts'
import { NUMERIC_SHAPE, parseSide } from '../json-sides.ts'
import { expectCounted, type Side } from '../measure.ts'
import { encodeEvents } from '../streams/encoding.ts'
import { drawEvents } from '../streams/events.ts'
import { PaneCounter } from '../subjects/pane-counter.ts'
import { referencesFor } from '../subjects/reference.ts'

const { features } = drawEvents(NUMERIC_SHAPE, 20_000, 'stream')
const field = (type: unknown) => (name: string) => ({ name, type })
const schema = {
  type: 'record',
  name: 'Feature',
  fields: [
    ...['model', 'version', 'id'].map(field('string')),
    field('long')('at'),
    field({
      type: 'record',
      name: 'Features',
      fields: Object.keys(features[0]!.features).map(field('double')),
    })('features'),
    field('int')('prediction'),
    field(['null', 'double'])('score'),
  ],
}
const type = avsc.Type.forSchema(schema as avsc.Schema)
const values = features.map((event) => framed(1, type.toBuffer({ ...event, score: event.score ?? null })))

/** From a frame to the counts of a pane; the schema is known. */
function avroSide(): Side {
  const decode = compileSchema({ type: 'AVRO', text: JSON.stringify(schema), references: [] })
  const decoder = createSourceDecoder(DEFAULT_MAPPING, { decoderOf: () => decode })
  const extractor = createFeatureExtractor(DEFAULT_MAPPING, undefined, decoder)
  const counter = new PaneCounter(referencesFor(NUMERIC_SHAPE))
  return {
    prepare: () => counter.clear(),
    run() {
      for (const value of values) counter.add(extractor.extract(value))
      counter.countStaged()
    },
    check: () => expectCounted(counter.total(), values.length * NUMERIC_SHAPE.numeric),
    operations: values.length,
  }
}

tellRatio(
  { name: 'Avro to counts', side: avroSide() },
  { name: 'JSON.parse', side: parseSide(encodeEvents(features), features.length) },
  20,
)
