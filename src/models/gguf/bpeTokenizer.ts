/** tokenizer.json of a byte-level BPE ("gpt2" in GGUF). */
import { problemError } from '../../shared/problem';
import type { GgufMetadata } from './metadata';
import { preTokenizers } from './preTokenizers';
import type { PreTokenizer } from './preTokenizers';
import { addedToken, templateProcessing, tokenKinds } from './vocabulary';
import type { Vocabulary } from './vocabulary';

export function bpePreTokenizer(metadata: GgufMetadata): PreTokenizer {
  const name = metadata.text('tokenizer.ggml.pre') ?? 'default';
  const found = preTokenizers.get(name);
  if (!found) throw problemError('models/unknown-pre-tokenizer', `its pre-tokenizer is "${name}". Supported: ${[...preTokenizers.keys()].sort().join(', ')}.`,
    { where: { file: metadata.gguf.file, field: 'tokenizer.ggml.pre' }, fix: { text: 'Use the original safetensors, which bring their own tokenizer.json.' } });
  return found;
}

export function bpeTokenizer(metadata: GgufMetadata, vocabulary: Vocabulary, adds: { bos: boolean; eos: boolean }): Record<string, unknown> {
  const { tokens, kinds, roles } = vocabulary, pre = bpePreTokenizer(metadata);
  const merges = metadata.texts('tokenizer.ggml.merges');
  if (!merges) throw metadata.bad('tokenizer.ggml.merges', 'is missing; a byte-level BPE tokenizer needs it.');
  const known = new Set(tokens);
  const broken = merges.find(merge => !isMerge(merge, known));
  if (broken !== undefined) throw metadata.bad('tokenizer.ggml.merges', `holds ${JSON.stringify(broken)}, whose parts or result are not in the vocabulary.`);
  const byteLevel = { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true };
  const template = templateProcessing(vocabulary, adds.bos ? roles.bos : undefined, adds.eos ? roles.eos : undefined);
  return {
    version: '1.0', truncation: null, padding: null,
    added_tokens: tokens.flatMap((content, id) => kinds[id] === tokenKinds.control || kinds[id] === tokenKinds.userDefined ? [addedToken(id, content, kinds[id] === tokenKinds.control)] : []),
    normalizer: pre.normalizer,
    pre_tokenizer: pre.preTokenizer,
    post_processor: template === null ? { ...byteLevel, trim_offsets: false } : { type: 'Sequence', processors: [{ ...byteLevel, trim_offsets: false }, template] },
    decoder: byteLevel,
    model: {
      type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: false, byte_fallback: false,
      ignore_merges: pre.ignoreMerges,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges,
    },
  };
}

function isMerge(merge: string, known: ReadonlySet<string>): boolean {
  // Byte-level tokens hold no space, but a merge of added whitespace tokens may; llama.cpp cuts at the first space after the first character.
  const at = merge.indexOf(' ', 1);
  return at > 0 && known.has(merge.slice(0, at)) && known.has(merge.slice(at + 1)) && known.has(merge.slice(0, at) + merge.slice(at + 1));
}
