import { describe, expect, it } from 'vitest'
import { KeyTable, NO_SLOT } from '../../../../src/events/extract/key-table.ts'

/** The slot found for a name as a record has it. */
function find(keys: KeyTable, object: number, name: string): number {
  const bytes = Buffer.alloc(400)
  const length = bytes.write(JSON.stringify(name))
  return keys.find(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, length, object)
}

describe('KeyTable', () => {
  it('gives each key of each object a slot of its own, and finds it again', () => {
    const keys = new KeyTable()
    const [root, inner] = [keys.addObject(), keys.addObject()]
    const names = ['model', 'id', '', 'a', 'ab', 'abc', 'abcd', '__proto__', 'constructor', 'größe', '漢字']
    const slots = [root, inner].flatMap((object) => names.map((name) => keys.addKey(object, name)))
    expect(new Set([root, inner, NO_SLOT, ...slots]).size).toBe(3 + 2 * names.length)
    const found = [root, inner].flatMap((object) => names.map((name) => find(keys, object, name)))
    expect(found).toEqual(slots)
    expect(keys.addKey(root, 'id')).toBe(slots[1])
    expect(keys.slotOf(inner, 'id')).toBe(slots[1 + names.length])
    expect(find(keys, root, 'abcde')).toBe(NO_SLOT)
    expect(keys.slotOf(root, 'toString')).toBe(NO_SLOT)
  })

  it('does not take names that are too long or written with escapes', () => {
    const keys = new KeyTable()
    const root = keys.addObject()
    const { epoch } = keys
    for (const name of ['say "hi"', 'back\\slash', 'line\n', '\ud800', 'x'.repeat(127), 'é'.repeat(64)]) {
      expect(keys.addKey(root, name)).toBe(NO_SLOT)
      expect(keys.slotOf(root, name)).toBe(NO_SLOT)
    }
    expect(keys.epoch).toBe(epoch)
    expect(keys.addKey(root, 'x'.repeat(126))).not.toBe(NO_SLOT)
    expect(find(keys, root, 'x'.repeat(126))).not.toBe(NO_SLOT)
  })

  it('is full at its capacity, and forgets what was not fixed', () => {
    const keys = new KeyTable()
    const root = keys.addObject()
    const model = keys.addKey(root, 'model')
    keys.fix()
    let added = 0
    while (keys.size < keys.capacity) if (keys.addKey(root, `feature ${added++}`) === NO_SLOT) break
    expect(keys.size).toBe(keys.capacity)
    expect(keys.addKey(root, 'one more')).toBe(NO_SLOT)
    for (let index = 0; index < added; index++) expect(find(keys, root, `feature ${index}`)).not.toBe(NO_SLOT)

    const { epoch } = keys
    keys.forget()
    expect(keys.epoch).toBeGreaterThan(epoch)
    expect(find(keys, root, 'model')).toBe(model)
    expect(find(keys, root, 'feature 0')).toBe(NO_SLOT)
    const again = keys.addKey(root, 'one more')
    expect(again).not.toBe(NO_SLOT)
    expect(find(keys, root, 'one more')).toBe(again)
  })
})
