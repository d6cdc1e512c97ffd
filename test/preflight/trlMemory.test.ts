import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { GB, merlinaSuggestions, profileOfConfig, profileOfName, trlMemory, vramParity } from '../../src/preflight/memory';
import type { TrlSettings } from '../../src/preflight/memory';

const fixture: unknown = JSON.parse(readFileSync(path.join(import.meta.dirname, '../fixtures/text/vram.json'), 'utf8'));

const llama8b = { hidden_size: 4096, num_hidden_layers: 32, num_attention_heads: 32, num_key_value_heads: 8, intermediate_size: 14336, vocab_size: 128256, tie_word_embeddings: false };
const gemma = { hidden_size: 3584, num_hidden_layers: 42, num_attention_heads: 16, num_key_value_heads: 8, intermediate_size: 14336, vocab_size: 256000, head_dim: 256 };
const mixtral = { hidden_size: 4096, num_hidden_layers: 32, num_attention_heads: 32, num_key_value_heads: 8, intermediate_size: 14336, vocab_size: 32000, num_local_experts: 8, num_experts_per_tok: 2, tie_word_embeddings: false };

function settings(changes: Partial<TrlSettings> = {}): TrlSettings {
  return {
    batchSize: 1, maxLength: 2048, method: 'orpo', use4bit: true, useLora: true, loraRank: 64, targetModules: [], modulesToSave: [],
    gradientCheckpointing: true, optimizer: 'paged_adamw_8bit', attention: 'auto', useLiger: false, ...changes,
  };
}

describe("memory by Merlina's formula", () => {
  for (const { name, ok, detail } of vramParity(fixture))
    it(`${name} is Merlina's to 1e-9`, () => assert.ok(ok, detail));

  it('fails a case whose figure differs in the eighth digit', () => {
    const changed = structuredClone(fixture) as { cases: { total_gb: number }[] };
    changed.cases[0]!.total_gb *= 1 + 1e-8;
    assert.deepEqual(vramParity(changed).filter(({ ok }) => !ok).length, 1);
  });

  it('writes sizes as Python does, ties to the even digit', () => {
    const estimate = { totalBytes: 0, components: { activations: 2.25 * GB }, dominant: 'activations' as const, confidence: 'medium' as const, notes: [] };
    assert.match(merlinaSuggestions(estimate, settings({ gradientCheckpointing: false }))[0]!, /~2\.2GB/);
  });
});

describe("corrections of Merlina's formula", () => {
  const profile = profileOfConfig(llama8b)!;

  it('change nothing for a dense model whose heads fill the hidden size', () => {
    assert.deepEqual(trlMemory(profile, settings()), trlMemory(profile, settings(), []));
  });

  it('count the reference model of ipo', () => {
    const ipo = settings({ method: 'ipo', useLora: false, use4bit: false });
    assert.equal(trlMemory(profile, ipo, []).components.reference_model, undefined);
    assert.equal(trlMemory(profile, ipo).components.reference_model, trlMemory(profile, settings({ method: 'dpo', useLora: false, use4bit: false })).components.reference_model);
  });

  it('take attention as wide as its heads: 42 layers of 2·(4096 − 3584) numbers more for Gemma 2 9B', () => {
    const wide = profileOfConfig(gemma)!;
    const whole = settings({ gradientCheckpointing: false });
    const more = trlMemory(wide, whole).components.activations! - trlMemory(wide, whole, []).components.activations!;
    assert.equal(more, 2 * 2048 * 42 * 2 * (2 * 512));
  });

  it('count every expert of Mixtral 8x7B: 46.7 billion parameters', () => {
    const dense = profileOfConfig(mixtral)!, sparse = profileOfConfig(mixtral, { countsExperts: true })!;
    assert.ok(Math.abs(sparse.params - 46.7e9) < 0.01e9, String(sparse.params));
    assert.ok(dense.params < 8e9);
    assert.ok(trlMemory(sparse, settings()).components.trainable_params! > 5 * trlMemory(sparse, settings(), []).components.trainable_params!);
  });

  it('keep weights in bf16 where all of them train', () => {
    assert.equal(trlMemory(profile, settings({ useLora: false })).components.model_weights, 2 * profile.params);
  });

  it('tie the embedding where the family does and config.json does not say', () => {
    const tied = profileOfConfig(gemma, { isTiedByDefault: true })!;
    assert.equal(profileOfConfig(gemma)!.params - tied.params, 256000 * 3584);
  });
});

describe('sizes guessed from a name', () => {
  it('are none where the name has no size', () => assert.equal(profileOfName('gpt2'), undefined));
  it('are of low confidence', () => assert.equal(trlMemory(profileOfName('org/model-13b')!, settings()).confidence, 'low'));
});
