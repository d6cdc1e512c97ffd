/** Byte-pair encoding of one word on ids: the lowest-ranked neighbours are joined, the leftmost of equals first, until none can be. */
import type { BPE } from '@huggingface/tokenizers';

/** Joining costs the square of a word's length; longer words go through the library's heap. */
const LONGEST_WORD = 128;
const NO_MERGE = 0x7fffffff;
/** Stands for the first character of a word that is no token, the next lower number for the second; nothing merges with them. */
const FIRST_UNKNOWN = -2;
const encoder = new TextEncoder();

/** Which pairs of ids become which id, and in what order: a hash table with open addressing, since a Map with numbers beyond 31 bits as keys is slow. */
export class MergeTable {
  private readonly mask: number;
  /** Four numbers a slot: left, right, rank, merged; left is -1 where it is free. */
  private readonly slots: Int32Array;
  private readonly ids = new Int32Array(LONGEST_WORD + 1);
  private readonly ranks = new Int32Array(LONGEST_WORD + 1);
  /** Slot that the last `rank` found. */
  private found = 0;

  private constructor(private readonly vocabulary: ReadonlyMap<string, number>, private readonly fallsBackToBytes: boolean, mergeCount: number) {
    const size = 2 ** Math.ceil(Math.log2(2 * mergeCount + 2));
    this.mask = size - 1;
    this.slots = new Int32Array(4 * size).fill(-1);
  }

  /** Undefined for models whose words have suffixes, and for merges that the vocabulary lacks. */
  static of({ tokens_to_ids: vocabulary, merges, byte_fallback, end_of_word_suffix, continuing_subword_suffix }: BPE): MergeTable | undefined {
    if (end_of_word_suffix || continuing_subword_suffix) return undefined;
    const table = new MergeTable(vocabulary, byte_fallback, merges.length);
    for (const [rank, [left, right]] of merges.entries()) {
      const [leftId, rightId, merged] = [vocabulary.get(left), vocabulary.get(right), vocabulary.get(left + right)];
      if (leftId === undefined || rightId === undefined || merged === undefined) return undefined;
      table.slots.set([leftId, rightId, rank, merged], table.slotOf(leftId, rightId));
    }
    return table;
  }

  /** Undefined for words that are too long or hold a character that is neither a token nor bytes that are. */
  encode(word: string): number[] | undefined {
    if (word.length > LONGEST_WORD) return undefined;
    const unknown: number[][] = [];
    let count = 0;
    for (const character of word) {
      const id = this.vocabulary.get(character);
      const bytes = id === undefined ? this.bytesOf(character) : undefined;
      if (bytes) unknown.push(bytes);
      else if (id === undefined) return undefined;
      this.ids[count++] = id ?? FIRST_UNKNOWN - unknown.length + 1;
    }
    const joined = this.join(count);
    return unknown.length === 0 ? joined : joined.flatMap(id => (id <= FIRST_UNKNOWN ? unknown[FIRST_UNKNOWN - id]! : id));
  }

  /** Ids of "<0xE2>", … for a character that is no token, where the model falls back to bytes. */
  private bytesOf(character: string): number[] | undefined {
    if (!this.fallsBackToBytes) return undefined;
    const ids = [...encoder.encode(character)].map(byte => this.vocabulary.get(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`));
    return ids.every(id => id !== undefined) ? ids : undefined;
  }

  private join(symbols: number): number[] {
    const { ids, ranks } = this;
    let count = symbols;
    for (let i = 0; i + 1 < count; i++) ranks[i] = this.rank(ids[i]!, ids[i + 1]!);
    for (;;) {
      let best = NO_MERGE;
      let at = -1;
      for (let i = 0; i + 1 < count; i++) {
        if (ranks[i]! < best) { best = ranks[i]!; at = i; }
      }
      if (at < 0) return Array.from(ids.subarray(0, count));
      this.rank(ids[at]!, ids[at + 1]!);
      ids[at] = this.slots[this.found + 3]!;
      ids.copyWithin(at + 1, at + 2, count);
      ranks.copyWithin(at + 1, at + 2, count);
      count--;
      if (at > 0) ranks[at - 1] = this.rank(ids[at - 1]!, ids[at]!);
      if (at + 1 < count) ranks[at] = this.rank(ids[at]!, ids[at + 1]!);
    }
  }

  private rank(left: number, right: number): number {
    this.found = this.slotOf(left, right);
    return this.slots[this.found] === -1 ? NO_MERGE : this.slots[this.found + 2]!;
  }

  /** Where the pair lies, or the free slot where it would. */
  private slotOf(left: number, right: number): number {
    let slot = (Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b)) >>> 0;
    slot = (slot ^ (slot >>> 15)) & this.mask;
    while (this.slots[4 * slot] !== -1 && (this.slots[4 * slot] !== left || this.slots[4 * slot + 1] !== right)) slot = (slot + 1) & this.mask;
    return 4 * slot;
  }
}
