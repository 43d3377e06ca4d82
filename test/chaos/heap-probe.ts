/**
 * Preloaded into a process (`node --expose-gc --import`): once a minute it collects all garbage and says what is
 * left: live, on the heap and in buffers, and resident, which is what the collector has not given back.
 */
const EVERY_MS = 60_000

const { gc } = globalThis
if (gc === undefined) throw new Error('the heap probe needs --expose-gc')

setInterval(() => {
  // What finalizers free is free after the second time.
  gc()
  gc()
  const { heapUsed, external, rss } = process.memoryUsage()
  const line = { msg: 'heap after collection', liveBytes: heapUsed + external, residentBytes: rss }
  process.stderr.write(`${JSON.stringify(line)}\n`)
}, EVERY_MS).unref()
