/** Mistral 7B and its kin: llama with an optional window on every layer. */
import { ConfigReader, type Architecture } from './architecture';
import { decoderSpec, SEVEN_PROJECTIONS } from './common';

export const mistral: Architecture = {
  modelTypes: ['mistral'],
  defaultTargets: SEVEN_PROJECTIONS,
  spec(config) {
    const window = new ConfigReader(config).optionalNumber('sliding_window');
    return decoderSpec('mistral', config, { perLayer: () => ({ window }) });
  },
};
