/** The process's heap and the memory of its arrays beside it, without what is garbage. */
export function liveBytes(): number {
  if (globalThis.gc === undefined) throw new Error('expected --expose-gc: garbage is no memory in use')
  void globalThis.gc()
  void globalThis.gc()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
