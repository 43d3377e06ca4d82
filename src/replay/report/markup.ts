const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text and attributes that came from outside, as HTML and SVG write them: a name is only ever a name. */
export function escaped(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (character) => ESCAPES[character]!)
    .replaceAll(/[\p{Cc}\p{Cs}]/gu, '\uFFFD')
}

/** Attributes by name; numbers are rounded to a tenth, which no eye sees. Absent ones are left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>

/** One element: names are ours, values and texts are not. Children are markup already. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : ` ${key}="${escaped(typeof value === 'number' ? rounded(value) : value)}"`,
  )
  return `<${name}${written.join('')}>${children.join('')}</${name}>`
}

/** An element that holds a text. */
export function textElement(name: string, attributes: Attributes, text: string): string {
  return element(name, attributes, escaped(text))
}

/** The shortest decimal of a tenth. */
export function rounded(value: number): string {
  return String(Math.round(value * 10) / 10)
}
