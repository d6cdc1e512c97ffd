/** tokenizer.json of a SentencePiece BPE ("llama" in GGUF): merges are made from the scores, as transformers' LlamaConverter and GemmaConverter do. */
import type { GgufMetadata } from './metadata';
import { addedToken, templateProcessing, tokenKinds } from './vocabulary';
import type { Vocabulary } from './vocabulary';

const space = '▁';

export function sentencePieceTokenizer(metadata: GgufMetadata, vocabulary: Vocabulary, adds: { bos: boolean; eos: boolean }): Record<string, unknown> {
  const { kinds, scores, roles } = vocabulary;
  if (!scores) throw metadata.bad('tokenizer.ggml.scores', 'is missing; a SentencePiece tokenizer needs it.');
  const hasPrefix = metadata.boolean('tokenizer.ggml.add_space_prefix', true);
  // The converter turns the ▁ of user-defined tokens (Gemma's runs of spaces) into spaces; the model's vocabulary has ▁.
  const tokens = vocabulary.tokens.map((token, id) => kinds[id] === tokenKinds.userDefined ? token.replaceAll(' ', space) : token);
  const isAdded = (id: number): boolean => kinds[id] === tokenKinds.control || kinds[id] === tokenKinds.userDefined || kinds[id] === tokenKinds.unknown;
  const replace = { type: 'Replace', pattern: { String: ' ' }, content: space };
  return {
    version: '1.0', truncation: null, padding: null,
    added_tokens: tokens.flatMap((content, id) => isAdded(id) ? [addedToken(id, content, kinds[id] !== tokenKinds.userDefined)] : []),
    normalizer: hasPrefix ? { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: space }, replace] } : replace,
    pre_tokenizer: null,
    post_processor: templateProcessing(vocabulary, adds.bos ? roles.bos : undefined, adds.eos ? roles.eos : undefined),
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: space }, content: ' ' }, { type: 'ByteFallback' }, { type: 'Fuse' },
        ...(hasPrefix ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : []),
      ],
    },
    model: {
      type: 'BPE', dropout: null, unk_token: roles.unk ?? vocabulary.tokens[kinds.indexOf(tokenKinds.unknown)] ?? null,
      continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: true, byte_fallback: true, ignore_merges: false,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: mergesFromScores(tokens, kinds, scores),
    },
  };
}

/** Every way to make a token of two others, best score first; equal scores: longer left part first, then longer right part.
 *  User-defined tokens come before all, whatever score a converter gave them (SentencePiece matches them first). */
function mergesFromScores(tokens: readonly string[], kinds: readonly number[], scores: readonly number[]): [string, string][] {
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const merges: { left: string; right: string; score: number; leftId: number; rightId: number }[] = [];
  tokens.forEach((token, id) => {
    if (kinds[id] !== tokenKinds.normal && kinds[id] !== tokenKinds.userDefined) return;
    const score = kinds[id] === tokenKinds.userDefined ? 0 : scores[id]!;
    for (let at = 1; at < token.length; at++) {
      const left = token.slice(0, at), right = token.slice(at), leftId = ids.get(left), rightId = ids.get(right);
      if (leftId !== undefined && rightId !== undefined) merges.push({ left, right, score, leftId, rightId });
    }
  });
  merges.sort((a, b) => b.score - a.score || b.left.length - a.left.length || b.right.length - a.right.length || a.leftId - b.leftId || a.rightId - b.rightId);
  return merges.map(({ left, right }) => [left, right]);
}
