/** Every event as its JSON bytes, side by side in one buffer as a fetch from a broker delivers them. */
export function encodeEvents(events: readonly object[]): Buffer[] {
  const texts = events.map((event) => Buffer.from(JSON.stringify(event)))
  const joined = Buffer.concat(texts)
  let end = 0
  return texts.map(({ length }) => {
    end += length
    return joined.subarray(end - length, end)
  })
}

/** Every event as a decoder leaves it: its own object, strings and numbers, shared with no other. */
export function decodedEvents<Event extends object>(events: readonly Event[]): Event[] {
  return events.map((event) => JSON.parse(JSON.stringify(event)) as Event)
}
