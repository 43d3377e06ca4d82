import Connection from 'kafkajs/src/network/connection.js'

const published = Connection.prototype.processData

/**
 * Mends a copy of every answer in kafkajs 2.2.4.
 *
 * Symptom: megabytes of a fetch are copied once more for nothing. Cause: after each answer the connection
 * keeps what is left of the bytes, mostly none; the next answer is then a second piece and all pieces are
 * joined into a new buffer, also where it came whole, as `AnswerReader` hands it on.
 * Mend: where nothing is left, no piece is kept.
 */
export function mendAnswerCopies(): void {
  Connection.prototype.processData = function processData(this: Connection, bytes: Buffer): unknown {
    if (this.bytesBuffered === 0) this.chunks = []
    return published.call(this, bytes)
  }
}
