/**
 * Texts that are nearly the same, found without comparing each with each: MinHash signatures in bands (LSH).
 * Source: A. Broder, "On the resemblance and containment of documents" (1997); Leskovec et al., "Mining of Massive Datasets", chapter 3.
 */
import { Random } from '../shared/random';

/** Words that make one shingle. */
const SHINGLE_WORDS = 3;
/** Numbers in a signature: the share of equal ones estimates the Jaccard index with a standard error of at most 0.044. */
const SIGNATURE = 128;
/** Chance to meet a pair that is exactly as alike as the threshold. */
const RECALL = 0.99;
/** A run of letters and digits; characters of scripts without blanks count each. */
const WORD = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{M}\p{N}]+/gu;

export class NearDuplicates {
  private readonly multipliers: Uint32Array;
  private readonly addends: Uint32Array;
  private readonly bandRows: number;
  /** For each band: texts by the hash of their signature's part. */
  private readonly bands: Map<number, number[]>[];
  private readonly signatures: Uint32Array[] = [];

  /** `threshold` is the Jaccard index of the texts' shingles, 0–1. */
  constructor(private readonly threshold: number, seed: number) {
    const random = Random.of(seed, SIGNATURE);
    this.multipliers = Uint32Array.from({ length: SIGNATURE }, () => random.bits() | 1);
    this.addends = Uint32Array.from({ length: SIGNATURE }, () => random.bits());
    this.bandRows = widestBand(threshold);
    this.bands = Array.from({ length: SIGNATURE / this.bandRows }, () => new Map<number, number[]>());
  }

  /** Whether an earlier text is at least as like as the threshold. Texts that repeat are not kept: the first stands for all. */
  repeats(text: string): boolean {
    const signature = this.signatureOf(text);
    const keys = this.bands.map((_, band) => this.bandKey(signature, band));
    const compared = new Set<number>();
    for (const [band, key] of keys.entries()) {
      for (const candidate of this.bands[band]!.get(key) ?? []) {
        if (compared.has(candidate)) continue;
        compared.add(candidate);
        if (likeness(signature, this.signatures[candidate]!) >= this.threshold) return true;
      }
    }
    const index = this.signatures.push(signature) - 1;
    keys.forEach((key, band) => {
      const others = this.bands[band]!.get(key);
      if (others) others.push(index);
      else this.bands[band]!.set(key, [index]);
    });
    return false;
  }

  /** The least of each hash over all shingles. */
  private signatureOf(text: string): Uint32Array {
    const signature = new Uint32Array(SIGNATURE).fill(0xffffffff);
    for (const shingle of shingles(text)) {
      for (let i = 0; i < SIGNATURE; i++) {
        const mixed = mix((Math.imul(shingle, this.multipliers[i]!) + this.addends[i]!) >>> 0);
        if (mixed < signature[i]!) signature[i] = mixed;
      }
    }
    return signature;
  }

  private bandKey(signature: Uint32Array, band: number): number {
    let key = 0;
    for (let i = band * this.bandRows; i < (band + 1) * this.bandRows; i++) key = mix((Math.imul(key, 31) + signature[i]!) >>> 0);
    return key;
  }
}

/** Hashes of each run of SHINGLE_WORDS words, case apart; of all words where there are fewer. */
function shingles(text: string): Set<number> {
  const words = (text.toLowerCase().match(WORD) ?? []).map(hashWord);
  const found = new Set<number>();
  for (let at = 0; at + Math.min(SHINGLE_WORDS, words.length) <= words.length && words.length > 0; at++) {
    found.add(words.slice(at, at + SHINGLE_WORDS).reduce((hash, word) => mix((Math.imul(hash, 31) + word) >>> 0), 0));
  }
  return found;
}

/** Share of equal numbers. */
function likeness(a: Uint32Array, b: Uint32Array): number {
  let equal = 0;
  for (let i = 0; i < SIGNATURE; i++) if (a[i] === b[i]) equal++;
  return equal / SIGNATURE;
}

/** Rows of a band: the most with which a pair at the threshold still meets in some band, so that few others do. */
function widestBand(threshold: number): number {
  const widths = [32, 16, 8, 4, 2, 1];
  return widths.find(rows => 1 - (1 - threshold ** rows) ** (SIGNATURE / rows) >= RECALL) ?? 1;
}

/** FNV-1a over UTF-16 units. */
function hashWord(word: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Spreads the bits of a hash (the finaliser of MurmurHash3). */
function mix(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
