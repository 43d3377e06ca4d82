import type { Draw } from './draw.ts'

/** Numbers that lengths, counts and offsets go wrong at. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]

/** Binary bytes with so many faults planted: flipped, overwritten, cut, doubled, put in. */
export function broken(draw: Draw, bytes: Buffer, faults: number): Buffer {
  let current = bytes
  for (let fault = 0; fault < faults; fault++) current = breakOnce(draw, current)
  return current
}

function breakOnce(draw: Draw, bytes: Buffer): Buffer {
  const at = draw.below(bytes.length + 1)
  const end = Math.min(bytes.length, at + 1 + draw.below(draw.chance(0.7) ? 8 : 200))
  switch (draw.below(8)) {
    case 0: {
      const flipped = Buffer.from(bytes)
      if (at < bytes.length) flipped[at] = bytes[at]! ^ (1 << draw.below(8))
      return flipped
    }
    case 1: {
      const set = Buffer.from(bytes)
      if (at < bytes.length) set[at] = draw.below(256)
      return set
    }
    case 2:
    case 3: {
      const width = draw.of([1, 2, 4])
      const set = Buffer.from(bytes)
      const edge = draw.of(EDGES) % 2 ** (8 * width)
      if (at + width <= bytes.length) set.writeUIntBE(edge, at, width)
      return set
    }
    case 4:
      return bytes.subarray(0, at)
    case 5:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)])
    case 6:
      return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at, end), bytes.subarray(end)])
    default:
      return Buffer.concat([bytes.subarray(0, at), randomBytes(draw, 12), bytes.subarray(at)])
  }
}

export function randomBytes(draw: Draw, lengthMax: number): Buffer {
  return Buffer.from(Array.from({ length: draw.below(lengthMax + 1) }, () => draw.below(256)))
}
