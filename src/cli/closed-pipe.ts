/**
 * Ends quietly when nobody reads on, as in `driftstream status | head`: what was asked for has been read, and
 * a stack trace would be told to the wrong person.
 */
export function endWithReader(output: NodeJS.WriteStream): void {
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })
}
