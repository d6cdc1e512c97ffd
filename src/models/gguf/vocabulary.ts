/** The token list of a GGUF, checked: texts, kinds, scores and the ids with a role. */
import type { GgufMetadata } from './metadata';

/** `tokenizer.ggml.token_type`. */
export const tokenKinds = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;

export interface Vocabulary {
  readonly tokens: readonly string[];
  readonly kinds: readonly number[];
  readonly scores: readonly number[] | undefined;
  /** Texts of bos, eos, unk and pad, where the file names them. */
  readonly roles: Readonly<Partial<Record<'bos' | 'eos' | 'unk' | 'pad', string>>>;
}

export interface AddedToken {
  id: number; content: string; single_word: boolean; lstrip: boolean; rstrip: boolean; normalized: boolean; special: boolean;
}

/** undefined where the file has no tokens. */
export function readVocabulary(metadata: GgufMetadata): Vocabulary | undefined {
  const tokens = metadata.texts('tokenizer.ggml.tokens');
  if (!tokens) return undefined;
  const sameLength = (key: string): number[] | undefined => {
    const values = metadata.numbers(key);
    if (values && values.length !== tokens.length) throw metadata.bad(key, `has ${values.length} entries for ${tokens.length} tokens.`);
    return values;
  };
  const role = (name: string): string | undefined => {
    const key = `tokenizer.ggml.${name}_token_id`, id = metadata.optionalNumber(key);
    if (id === undefined) return undefined;
    // Some converters write −1 or the vocabulary's size for "none".
    return tokens[id];
  };
  return {
    tokens,
    kinds: sameLength('tokenizer.ggml.token_type') ?? tokens.map(() => tokenKinds.normal),
    scores: sameLength('tokenizer.ggml.scores'),
    roles: { bos: role('bos'), eos: role('eos'), unk: role('unknown'), pad: role('padding') },
  };
}

export function addedToken(id: number, content: string, special: boolean): AddedToken {
  return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special };
}

/** Puts bos before and eos after a text, as add_bos_token and add_eos_token ask; null where neither does. */
export function templateProcessing(vocabulary: Vocabulary, bos: string | undefined, eos: string | undefined): Record<string, unknown> | null {
  if (bos === undefined && eos === undefined) return null;
  const marker = (content: string, typeId: number) => ({ SpecialToken: { id: content, type_id: typeId } });
  const around = (sequence: 'A' | 'B', typeId: number) =>
    [...(bos === undefined ? [] : [marker(bos, typeId)]), { Sequence: { id: sequence, type_id: typeId } }, ...(eos === undefined ? [] : [marker(eos, typeId)])];
  const specials = [bos, eos].filter(content => content !== undefined);
  return {
    type: 'TemplateProcessing', single: around('A', 0), pair: [...around('A', 0), ...around('B', 1)],
    special_tokens: Object.fromEntries(specials.map(content => [content, { id: content, ids: [vocabulary.tokens.indexOf(content)], tokens: [content] }])),
  };
}
