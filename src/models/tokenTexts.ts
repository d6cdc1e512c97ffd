/** What each token stands for by itself, so that every one can be shown: a leading space included, parts of characters as their bytes. */
import { ByteLevelPreTokenizer } from '@huggingface/tokenizers';
import type { Tokenizer } from './tokenizer';

/** What decoders write for bytes that are no character. */
const REPLACEMENT = '\ufffd';

export class TokenTexts {
  private readonly texts = new Map<number, string>();
  /** Decoders drop a space at the beginning of a text, so every token is decoded behind another. */
  private readonly before: readonly number[];
  private readonly beforeLength: number;
  private readonly bytes: ReadonlyMap<string, number>;

  constructor(private readonly tokenizer: Tokenizer) {
    this.before = tokenizer.encode('a');
    this.beforeLength = tokenizer.decode(this.before).length;
    const { byte_encoder: spelling } = new ByteLevelPreTokenizer({ type: 'ByteLevel', add_prefix_space: false, trim_offsets: false });
    this.bytes = new Map(Object.entries(spelling).map(([byte, character]) => [character, Number(byte)]));
  }

  /** Empty for an id outside the vocabulary. */
  of(id: number): string {
    const known = this.texts.get(id);
    if (known !== undefined) return known;
    const text = this.decode(id);
    this.texts.set(id, text);
    return text;
  }

  private decode(id: number): string {
    const text = this.tokenizer.decode([...this.before, id]).slice(this.beforeLength);
    if (!text.includes(REPLACEMENT)) return text;
    const spelled = this.tokenizer.tokenOf(id) ?? '';
    const byte = /^<0x([0-9A-F]{2})>$/.exec(spelled)?.[1];
    const bytes = byte === undefined ? [...spelled].map(character => this.bytes.get(character)) : [parseInt(byte, 16)];
    return bytes.every(one => one !== undefined) ? showBytes(Buffer.from(bytes)) : text;
  }
}

/** UTF-8 as text; bytes that are no whole character as "\xE2". */
function showBytes(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const length = [1, 2, 3, 4].find(count => at + count <= bytes.length && isCharacter(bytes.subarray(at, at + count)));
    text += length === undefined ? `\\x${bytes[at]!.toString(16).toUpperCase().padStart(2, '0')}` : bytes.toString('utf8', at, at + length);
    at += length ?? 1;
  }
  return text;
}

function isCharacter(bytes: Buffer): boolean {
  const text = bytes.toString('utf8');
  return [...text].length === 1 && Buffer.from(text).equals(bytes);
}
