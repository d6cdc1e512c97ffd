/** How text is cut before byte-level BPE, by `tokenizer.ggml.pre`. Names and grouping: llama.cpp llama-vocab.cpp (llm_tokenizer_bpe);
 *  patterns as in the tokenizer.json files that llama.cpp's were taken from. */

export interface PreTokenizer {
  /** tokenizer.json's `normalizer`. */
  readonly normalizer: { type: string } | null;
  /** tokenizer.json's `pre_tokenizer`. */
  readonly preTokenizer: Record<string, unknown>;
  /** A word that is in the vocabulary is taken whole, whatever the merges say. */
  readonly ignoreMerges: boolean;
  /** Where the file does not say. */
  readonly addsBos: boolean;
}

const contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const rest = String.raw` ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
const upperLower = String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+`;
const upperOnly = String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*`;
const restWithSlash = String.raw` ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
/** Digits in threes, as GPT-4's cl100k has it. */
const threeDigits = String.raw`${contractions}|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|${rest}`;
const oneDigit = String.raw`${contractions}|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}|${rest}`;
const tekken = String.raw`${upperLower}|${upperOnly}|\p{N}|${restWithSlash}`;
const o200k = String.raw`${upperLower}${contractions}?|${upperOnly}${contractions}?|\p{N}{1,3}|${restWithSlash}`;

const split = (pattern: string) => ({ type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false });
const byteLevel = (usesRegex: boolean) => ({ type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: usesRegex });
const sequence = (...pretokenizers: Record<string, unknown>[]) => ({ type: 'Sequence', pretokenizers });
const cut = (preTokenizer: Record<string, unknown>, differs: Partial<PreTokenizer> = {}): PreTokenizer =>
  ({ normalizer: null, preTokenizer, ignoreMerges: false, addsBos: false, ...differs });

const gpt2 = cut(byteLevel(true));
const digitsThenGpt2 = cut(sequence({ type: 'Digits', individual_digits: true }, byteLevel(true)));
const llama3 = cut(sequence(split(threeDigits), byteLevel(false)), { ignoreMerges: true, addsBos: true });
const cl100k = cut(sequence(split(threeDigits), byteLevel(false)));
const qwen2 = cut(sequence(split(oneDigit), byteLevel(false)), { normalizer: { type: 'NFC' } });
const llamaCppDefault = cut(sequence(split(String.raw`[\p{P}\$\+<=>\^~\|]+`), byteLevel(true)));

/** llama.cpp cuts digits for "smollm" too, as the model's first tokenizer.json did ("\n\n1" is then ["\n\n", "1"], not ["\n", "\n", "1"]).
 *  transformers 5.23 does not when it reads the GGUF, and our reference figures are transformers': this one follows them. */
const smollm = gpt2;

const families: readonly (readonly [PreTokenizer, readonly string[]])[] = [
  [gpt2, ['gpt-2', 'phi-2', 'jina-es', 'jina-de', 'gigachat', 'jina-v2-es', 'jina-v2-de', 'mpt', 'olmo', 'jais', 'trillion', 'granite-docling', 'exaone4']],
  [smollm, ['smollm']],
  [digitsThenGpt2, ['starcoder', 'refact', 'command-r', 'codeshell', 'exaone', 'minerva-7b']],
  [llama3, ['llama3', 'llama-v3', 'llama-bpe', 'falcon3', 'falcon-h1', 'pixtral', 'midm-2.0', 'lfm2']],
  [cl100k, ['dbrx', 'smaug-bpe', 'glm4', 'chatglm-bpe']],
  [qwen2, ['qwen2', 'deepseek-r1-qwen', 'megrez', 'stablelm2', 'hunyuan', 'grok-2', 'kormo']],
  [cut(sequence(split(tekken), byteLevel(false)), { ignoreMerges: true, addsBos: true }), ['tekken']],
  [cut(sequence(split(o200k), byteLevel(false))), ['gpt-4o', 'llama4']],
  [llamaCppDefault, ['default']],
];

export const preTokenizers: ReadonlyMap<string, PreTokenizer> = new Map(families.flatMap(([family, names]) => names.map(name => [name, family] as const)));
