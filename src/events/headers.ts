/** A Kafka header value: bytes as they came, or text still to be written as UTF-8. */
export type HeaderValue = Uint8Array | string

/** Kafka headers; a name may stand several times, then its values are a list. Bytes are never altered. */
export type Headers = Readonly<Record<string, HeaderValue | readonly HeaderValue[] | undefined>>

const utf8 = new TextDecoder()

/** The header's first value as UTF-8 text, or `undefined` where the header is absent. */
export function headerText(headers: Headers, name: string): string | undefined {
  if (!Object.hasOwn(headers, name)) return undefined
  const value = headers[name]
  const first = Array.isArray(value)
    ? (value as readonly HeaderValue[])[0]
    : (value as HeaderValue | undefined)
  if (first === undefined) return undefined
  return typeof first === 'string' ? first : utf8.decode(first)
}
