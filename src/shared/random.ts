/** A small seeded generator, the same numbers on every machine. Its state is two integers, so a checkpoint can hold it. */

/** SplitMix-style 32-bit generator ("mulberry32" by Tommy Ettinger, public domain): period 2³², passes PractRand at this size. */
export class Random {
  constructor(public state: number) { this.state >>>= 0; }

  /** Independent stream for a seed and any number of indices (epoch, step, row): the same arguments give the same stream. */
  static of(seed: number, ...indices: number[]): Random {
    const random = new Random(seed);
    for (const index of indices) random.state = (Math.imul(random.bits() ^ index, 0x9e3779b1) + 0x85ebca6b) >>> 0;
    return random;
  }

  /** 32 random bits as an unsigned integer. */
  bits(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** Uniform in [0, 1). */
  uniform(): number { return this.bits() / 4294967296; }

  /** Uniform integer in [0, below). */
  integer(below: number): number { return Math.floor(this.uniform() * below); }

  /** Standard normal (Box–Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** A new list in random order (Fisher–Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const out = [...items];
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [out[i], out[j]] = [out[j], out[i]];
    }
    return out;
  }
}
