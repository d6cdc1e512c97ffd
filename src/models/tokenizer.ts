/** A model's tokenizer, from the text of its tokenizer.json and tokenizer_config.json. Ids equal Hugging Face tokenizers 0.23's. */
import { Tokenizer as Library } from '@huggingface/tokenizers';
import { problemError } from '../shared/problem';
import { createEncoder } from './encode/encoder';

export interface SpecialToken { id: number; text: string }

export interface EncodeOptions {
  /** Let the tokenizer add its BOS or EOS (its post-processor). Default false: templates write their own. */
  addSpecialTokens?: boolean;
}
export interface DecodeOptions { skipSpecialTokens?: boolean }

export interface Tokenizer {
  /** Entries of the vocabulary, added tokens included. */
  readonly vocabularySize: number;
  /** bos_token, eos_token, … as chat templates see them; absent ones are absent. */
  readonly specialTokens: Readonly<Record<string, string>>;
  readonly bos: SpecialToken | undefined;
  readonly eos: SpecialToken | undefined;
  readonly pad: SpecialToken | undefined;
  readonly unk: SpecialToken | undefined;
  /** Whether encoding with special tokens puts BOS in front: the sign that the model was trained with it. */
  readonly addsBos: boolean;
  encode(text: string, options?: EncodeOptions): number[];
  /** No clean-up of spaces. Ids outside the vocabulary give no text. */
  decode(ids: readonly number[], options?: DecodeOptions): string;
  /** The vocabulary's own spelling of a token ("Ġthe"); undefined outside the vocabulary. */
  tokenOf(id: number): string | undefined;
  idOf(token: string): number | undefined;
  /** Control tokens, as tokenizer.json marks them. */
  isSpecial(id: number): boolean;
}

/** Problem "tokenizer/unreadable" where a text is no JSON or no tokenizer that we know. */
export function loadTokenizer({ tokenizerJson, tokenizerConfig }: { tokenizerJson: string; tokenizerConfig: string }): Tokenizer {
  const definition = parseJson(tokenizerJson, 'tokenizer.json');
  const config = parseJson(tokenizerConfig, 'tokenizer_config.json');
  try {
    // Only tokenizer.json decides the ids: options of the config (clean-up, lower-casing) belong to other classes.
    return new LoadedTokenizer(new Library(definition, {}), specialTokensOf(config));
  } catch (cause) {
    throw problemError('tokenizer/unreadable', `tokenizer.json describes a tokenizer that cannot be built: ${cause instanceof Error ? cause.message : String(cause)}.`,
      { where: { file: 'tokenizer.json' }, fix: { text: 'Use the tokenizer.json that belongs to the model (a "fast" tokenizer).' } }, cause);
  }
}

class LoadedTokenizer implements Tokenizer {
  readonly vocabularySize: number;
  readonly bos: SpecialToken | undefined;
  readonly eos: SpecialToken | undefined;
  readonly pad: SpecialToken | undefined;
  readonly unk: SpecialToken | undefined;
  readonly addsBos: boolean;
  private readonly specialIds: ReadonlySet<number>;
  private readonly encodePlain: (text: string) => number[];

  constructor(private readonly library: Library, readonly specialTokens: Readonly<Record<string, string>>) {
    this.vocabularySize = library.get_vocab(true).size;
    this.specialIds = new Set([...library.get_added_tokens_decoder()].filter(([, token]) => token.special).map(([id]) => id));
    this.encodePlain = createEncoder(library);
    this.bos = this.special('bos_token');
    this.eos = this.special('eos_token');
    this.pad = this.special('pad_token');
    this.unk = this.special('unk_token');
    this.addsBos = this.bos !== undefined && this.encode('a', { addSpecialTokens: true })[0] === this.bos.id;
  }

  encode(text: string, { addSpecialTokens = false }: EncodeOptions = {}): number[] {
    return addSpecialTokens ? this.library.encode(text, { add_special_tokens: true }).ids : this.encodePlain(text);
  }

  decode(ids: readonly number[], { skipSpecialTokens = false }: DecodeOptions = {}): string {
    const known = ids.filter(id => this.tokenOf(id) !== undefined && !(skipSpecialTokens && this.isSpecial(id)));
    // The library throws on an empty list.
    return known.length === 0 ? '' : this.library.decode(known, { clean_up_tokenization_spaces: false });
  }

  tokenOf(id: number): string | undefined {
    return this.library.id_to_token(id);
  }

  idOf(token: string): number | undefined {
    return this.library.token_to_id(token);
  }

  isSpecial(id: number): boolean {
    return this.specialIds.has(id);
  }

  private special(name: string): SpecialToken | undefined {
    const text = this.specialTokens[name];
    const id = text === undefined ? undefined : this.idOf(text);
    return text === undefined || id === undefined ? undefined : { id, text };
  }
}

/** Text or {content: text} under each `*_token` key, and under extra_special_tokens. */
function specialTokensOf(config: Record<string, unknown>): Record<string, string> {
  const extra = config['extra_special_tokens'];
  const entries = Object.entries({ ...(extra && typeof extra === 'object' && !Array.isArray(extra) ? extra : {}), ...config });
  const tokens: Record<string, string> = {};
  for (const [name, value] of entries) {
    if (!name.endsWith('_token') || name.startsWith('add_')) continue;
    const text: unknown = value && typeof value === 'object' ? (value as { content?: unknown }).content : value;
    if (typeof text === 'string') tokens[name] = text;
  }
  return tokens;
}

function parseJson(text: string, file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (value && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (cause) {
    throw problemError('tokenizer/unreadable', `${file} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}.`,
      { where: { file }, fix: { text: 'Download the file again.' } }, cause);
  }
  throw problemError('tokenizer/unreadable', `${file} holds no JSON object.`, { where: { file }, fix: { text: 'Download the file again.' } });
}
