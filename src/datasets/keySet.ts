/** A set of row keys (rowKeys.ts) by 60 of their bits, 11 to 22 bytes each: two different keys of 3 million are taken for one with a chance of 4 in a million. */

const FIRST_SLOTS = 1 << 12;
/** Slots that may be taken, before there are twice as many. */
const FULL = 0.75;
const FREE = -1;
/** Characters of a key that make one number, six bits each. */
const CHARACTERS = 5;

export class KeySet {
  /** Two numbers a slot. */
  private slots = new Int32Array(2 * FIRST_SLOTS).fill(FREE);
  size = 0;

  /** Whether the key is new. */
  add(key: string): boolean {
    const isNew = this.put(bitsOf(key, 0), bitsOf(key, CHARACTERS));
    if (isNew && ++this.size > (FULL * this.slots.length) / 2) this.grow();
    return isNew;
  }

  private put(high: number, low: number): boolean {
    const { slots } = this;
    const mask = slots.length / 2 - 1;
    let at = low & mask;
    while (slots[2 * at] !== FREE) {
      if (slots[2 * at] === high && slots[2 * at + 1] === low) return false;
      at = (at + 1) & mask;
    }
    slots[2 * at] = high;
    slots[2 * at + 1] = low;
    return true;
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Int32Array(2 * old.length).fill(FREE);
    for (let at = 0; at < old.length; at += 2) if (old[at] !== FREE) this.put(old[at]!, old[at + 1]!);
  }
}

function bitsOf(key: string, from: number): number {
  let bits = 0;
  for (let at = from; at < from + CHARACTERS; at++) bits = (bits << 6) | sixBits(key.charCodeAt(at));
  return bits;
}

/** Of a character of base64url. */
function sixBits(unit: number): number {
  if (unit >= 97) return unit - 71; // a–z
  if (unit === 95) return 63; // _
  if (unit >= 65) return unit - 65; // A–Z
  return unit === 45 ? 62 : unit + 4; // -, 0–9
}
