import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readRope } from '../../src/models/architectures/rope';
import { readArchitecture } from '../../src/models/architectures';
import { targetsIn } from '../../src/shared/decoderSpec';
import type { ModelConfig } from '../../src/models/source';

interface RopeCase { config: ModelConfig; inverse_frequencies: number[]; attention_scaling: number }

const { cases } = JSON.parse(readFileSync(path.join(import.meta.dirname, '../fixtures/models/rope.json'), 'utf8')) as { cases: Record<string, RopeCase> };
const llama: ModelConfig = {
  model_type: 'llama', hidden_size: 64, num_attention_heads: 4, num_key_value_heads: 2, num_hidden_layers: 1, intermediate_size: 128, vocab_size: 32, rms_norm_eps: 1e-5,
};

describe('rotary frequencies', () => {
  for (const [name, { config, inverse_frequencies, attention_scaling }] of Object.entries(cases))
    it(`${name}: as transformers`, () => {
      const rope = readRope(config, 64);
      assert.ok(Math.abs(rope.attentionScaling - attention_scaling) < 1e-7);
      rope.inverseFrequencies.forEach((frequency, i) => assert.ok(Math.abs(frequency / inverse_frequencies[i] - 1) < 1e-6, `${i}: ${frequency}, ${inverse_frequencies[i]}`));
    });

  it('reads the classic keys like the newer ones', () => {
    const scaling = { rope_type: 'llama3', factor: 8, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 512 };
    const classic = readRope({ ...llama, rope_theta: 500000, rope_scaling: scaling }, 16);
    assert.deepEqual(classic, readRope({ ...llama, rope_parameters: { ...scaling, rope_theta: 500000 } }, 16));
  });

  it('refuses a kind it does not know, naming those it does', () => {
    assert.throws(() => readRope({ ...llama, rope_scaling: { rope_type: 'spiral' } }, 16), {
      message: 'config.json, "rope_scaling": config.json has rope_type "spiral". Supported: default, linear, llama3, longrope, yarn.',
    });
  });
});

describe('architectures', () => {
  it('an unknown family is refused with the supported ones', () => {
    assert.throws(() => readArchitecture({ ...llama, model_type: 'mamba' }), {
      message: 'config.json, "model_type": Unknown architecture "mamba" in config.json. Supported: gemma2, gemma3_text, granite, llama, mistral, olmo2, phi3, qwen2, qwen3, smollm3. '
        + 'Choose a model of a supported family, or set backend to "trl".',
    });
  });

  it('the usual projections are found inside fused modules, each once', () => {
    const usual = ['up_proj', 'down_proj', 'gate_proj', 'k_proj', 'q_proj', 'v_proj', 'o_proj'];
    assert.deepEqual(targetsIn(readArchitecture({ ...llama, model_type: 'phi3' }), usual), ['gate_up_proj', 'down_proj', 'qkv_proj', 'o_proj']);
    assert.deepEqual(targetsIn(readArchitecture(llama), usual), usual);
  });

  it('a size that is missing or no number is refused by name', () => {
    assert.throws(() => readArchitecture({ ...llama, hidden_size: '64' }), {
      message: 'config.json, "hidden_size": config.json has hidden_size = "64"; a number is needed. Download the model again, or take the key from the original repository.',
    });
  });

  it('heads that do not share keys evenly are refused', () => {
    assert.throws(() => readArchitecture({ ...llama, num_key_value_heads: 3 }), /4 attention heads and 3 key-value heads/);
  });
});
