/** The start of the pane that holds `at`, both epoch ms; panes are aligned to the epoch, also before it. */
export function paneStart(at: number, paneMs: number): number {
  // Adding 0 turns -0 into 0, which a key made of text would tell apart.
  return Math.floor(at / paneMs) * paneMs + 0
}
