const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const LEADING_ZERO = /^[+-]?0\d/
const NINE = 0x39

/**
 * An empty cell is missing, a decimal number is a number, all else is text. So is a number that would not
 * come back from a double as it was written: `007` is a code, and 20 digits are an identifier.
 */
export function cellValue(text: string): number | string | null {
  if (text === '') return null
  // Every number begins with a character up to `9`.
  if (text.charCodeAt(0) > NINE || !DECIMAL.test(text) || LEADING_ZERO.test(text)) return text
  const value = Number(text)
  const exact = !Number.isInteger(value) || Number.isSafeInteger(value) || /[.e]/i.test(text)
  return exact && Number.isFinite(value) ? value : text
}
