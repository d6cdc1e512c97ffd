/** Token ids to text as they come, never a half character: a byte-level token may end in the middle of one, and a sentence
 *  piece's leading space shows only beside the piece before it. */
import type { Tokenizer } from '../models/tokenizer';

/** What decoders write for bytes that are no character (yet). */
const REPLACEMENT = '\ufffd';

export class IncrementalDecoder {
  private readonly ids: number[] = [];
  /** ids[from, to) were given out and are the context of what follows. */
  private from = 0;
  private to = 0;

  constructor(private readonly tokenizer: Pick<Tokenizer, 'decode'>) {}

  /** New text, empty while a character is incomplete. */
  push(id: number): string {
    this.ids.push(id);
    const text = this.pending();
    if (text === '' || text.endsWith(REPLACEMENT)) return '';
    this.from = this.to;
    this.to = this.ids.length;
    return text;
  }

  /** What is left, with its broken bytes. */
  end(): string {
    const text = this.pending();
    this.from = this.to = this.ids.length;
    return text;
  }

  private pending(): string {
    const given = this.decode(this.ids.slice(this.from, this.to));
    return this.decode(this.ids.slice(this.from)).slice(given.length);
  }

  private decode(ids: readonly number[]): string {
    return this.tokenizer.decode(ids, { skipSpecialTokens: true });
  }
}
