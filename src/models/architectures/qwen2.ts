/** Qwen2 and Qwen2.5: biases on q, k and v; a window on the upper layers where switched on. */
import { ConfigReader, type Architecture } from './architecture';
import { decoderSpec, SEVEN_PROJECTIONS, slidingLayers } from './common';
import type { ModelConfig } from '../source';

export const qwen2: Architecture = {
  modelTypes: ['qwen2'],
  defaultTargets: SEVEN_PROJECTIONS,
  spec(config) {
    const windows = upperWindows(config);
    return decoderSpec('qwen2', config, { biases: { qkv: true, output: false, mlp: false }, perLayer: layer => ({ window: windows[layer] }) });
  },
};

/** Windows per layer as Qwen configures them: none unless use_sliding_window, then from max_window_layers up. */
export function upperWindows(config: ModelConfig): (number | null)[] {
  const read = new ConfigReader(config);
  const window = read.boolean('use_sliding_window', false) ? read.optionalNumber('sliding_window') : null;
  const first = read.number('max_window_layers', 28);
  return slidingLayers(config, read.number('num_hidden_layers'), layer => layer >= first).map(slides => slides ? window : null);
}
