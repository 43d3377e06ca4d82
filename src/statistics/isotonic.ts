/**
 * The rising sequence nearest to `values` by weighted squares: neighbours that fall are pooled into their
 * mean. A value without weight takes what its neighbours make of it: halfway between the nearest weighted
 * ones, or the only one there is. All NaN where nothing has weight.
 *
 * Source: pool adjacent violators, Ayer, Brunk, Ewing, Reid, Silverman, Annals of Mathematical Statistics 26
 * (1955). Linear in the number of values.
 * @param weights as many as values, none negative
 */
export function isotonic(values: ArrayLike<number>, weights: ArrayLike<number>): Float64Array {
  const blocks: { value: number; weight: number; last: number }[] = []
  for (let at = 0; at < values.length; at++) {
    if (weights[at]! <= 0) continue
    let block = { value: values[at]!, weight: weights[at]!, last: at }
    for (
      let before = blocks.at(-1);
      before !== undefined && before.value >= block.value;
      before = blocks.at(-1)
    ) {
      const weight = before.weight + block.weight
      block = {
        value: (before.value * before.weight + block.value * block.weight) / weight,
        weight,
        last: at,
      }
      blocks.pop()
    }
    blocks.push(block)
  }
  return spread(blocks, weights)
}

/** Each weighted place gets its block's value, each other the middle of its weighted neighbours'. */
function spread(
  blocks: readonly { readonly value: number; readonly last: number }[],
  weights: ArrayLike<number>,
): Float64Array {
  const fitted = new Float64Array(weights.length).fill(Number.NaN)
  let block = 0
  for (let at = 0; at < fitted.length; at++) {
    if (weights[at]! <= 0) continue
    while (blocks[block]!.last < at) block++
    fitted[at] = blocks[block]!.value
  }
  let below = Number.NaN
  const fromBelow = fitted.map((value) => {
    if (!Number.isNaN(value)) below = value
    return below
  })
  let above = Number.NaN
  for (let at = fitted.length - 1; at >= 0; at--) {
    if (!Number.isNaN(fitted[at]!)) above = fitted[at]!
    else {
      const under = fromBelow[at]!
      fitted[at] = Number.isNaN(under) ? above : Number.isNaN(above) ? under : (under + above) / 2
    }
  }
  return fitted
}
