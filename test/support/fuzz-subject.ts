import type { Draw } from './draw.ts'

/** A decoder of bytes from elsewhere, and how its inputs are made. */
export interface FuzzSubject {
  readonly name: string
  /** Of all inputs, about this part in a hundred: what takes long gets few. */
  readonly percent: number
  /** A text is broken as texts are, bytes as bytes. */
  readonly isText: boolean
  /** The codes it may refuse with; absent: any. */
  readonly refusals?: readonly string[]
  /** Something that decodes, before faults are planted. */
  sound(draw: Draw): Buffer
  /** Bytes of chance, where it takes more than that to come past the first few. */
  random?(draw: Draw): Buffer
  /** Returns or throws a DriftstreamError; all else is a fault. */
  decode(bytes: Buffer): unknown
}
