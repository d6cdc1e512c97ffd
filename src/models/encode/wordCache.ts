/** Ids of words already encoded. Natural text repeats its words, so most of a dataset is answered from here. */

/** Words of one generation; two generations are kept, some 20 MB at most. */
const GENERATION = 100_000;
/** Longer words are rarely met twice. */
const LONGEST_WORD = 64;

export class WordCache {
  private young = new Map<string, readonly number[]>();
  private old = new Map<string, readonly number[]>();

  get(word: string): readonly number[] | undefined {
    const ids = this.young.get(word);
    if (ids !== undefined) return ids;
    const aged = this.old.get(word);
    if (aged !== undefined) this.keep(word, aged);
    return aged;
  }

  set(word: string, ids: readonly number[]): void {
    if (word.length <= LONGEST_WORD) this.keep(word, ids);
  }

  private keep(word: string, ids: readonly number[]): void {
    if (this.young.size >= GENERATION) {
      this.old = this.young;
      this.young = new Map();
    }
    // A word cut out of a text would hold the whole text in memory.
    this.young.set(` ${word}`.slice(1), ids);
  }
}
