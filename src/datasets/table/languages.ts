/** Which languages texts are in, guessed from a seeded sample. */
import { seededRandom } from '../random';
import type { LanguageShare } from './table';

/** Texts of a column, and characters of a text, that are looked at. */
const SAMPLE_TEXTS = 100;
const SAMPLE_CHARACTERS = 400;
/** Shorter texts fit many languages. */
const MIN_CHARACTERS = 40;
const SEED = 42;

/** A uniform sample of a stream (Vitter's algorithm R). */
export class TextSample {
  private readonly texts: string[] = [];
  private readonly random = seededRandom(SEED);
  private seen = 0;

  add(text: string): void {
    const at = this.seen < SAMPLE_TEXTS ? this.seen : Math.floor(this.random() * (this.seen + 1));
    this.seen++;
    // Copied: a slice would keep the whole row's text in memory.
    if (at < SAMPLE_TEXTS) this.texts[at] = Buffer.from(text.slice(0, SAMPLE_CHARACTERS)).toString();
  }

  async languages(): Promise<LanguageShare[]> {
    if (this.texts.length === 0) return [];
    const { franc } = await import('franc-min');
    const counts = new Map<string, number>();
    for (const text of this.texts) {
      const code = franc(text, { minLength: MIN_CHARACTERS });
      counts.set(code, (counts.get(code) ?? 0) + 1);
    }
    return [...counts].sort((a, b) => b[1] - a[1]).map(([code, count]) => ({ code, fraction: count / this.texts.length }));
  }
}
