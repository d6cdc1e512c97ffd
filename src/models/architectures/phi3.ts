/** Phi-3 and Phi-4-mini: q, k, v in one matrix, gate and up in another; LoRA goes on the fused modules. */
import type { LinearRef } from '../../shared/decoderSpec';
import { ConfigReader, type Architecture } from './architecture';
import { decoderSpec, separateProjections } from './common';

export const phi3: Architecture = {
  modelTypes: ['phi3'],
  defaultTargets: ['qkv_proj', 'o_proj', 'gate_up_proj', 'down_proj'],
  spec(config) {
    const read = new ConfigReader(config);
    const window = read.optionalNumber('sliding_window');
    return decoderSpec('phi3', config, {
      fusedInto: { q_proj: 'qkv_proj', k_proj: 'qkv_proj', v_proj: 'qkv_proj', gate_proj: 'gate_up_proj', up_proj: 'gate_up_proj' },
      normEpsilon: read.number('rms_norm_eps', 1e-5),
      perLayer(layer, s) {
        const separate = separateProjections(layer, s, { qkv: false, output: false, mlp: false });
        const [q, kv] = [s.heads * s.headSize, s.kvHeads * s.headSize];
        const qkv = fused(`model.layers.${layer}.self_attn.qkv_proj`, s.hidden, [q, kv, kv]);
        const gateUp = fused(`model.layers.${layer}.mlp.gate_up_proj`, s.hidden, [s.intermediate, s.intermediate]);
        return {
          window,
          attention: { ...separate.attention, q: qkv[0], k: qkv[1], v: qkv[2] },
          mlp: { ...separate.mlp, gate: gateUp[0], up: gateUp[1] },
        };
      },
    });
  },
};

function fused(module: string, inFeatures: number, sizes: number[]): LinearRef[] {
  const outFeatures = sizes.reduce((sum, size) => sum + size, 0);
  let start = 0;
  return sizes.map(size => {
    const range = [start, start += size] as const;
    return { module, inFeatures, outFeatures, hasBias: false, range };
  });
}
