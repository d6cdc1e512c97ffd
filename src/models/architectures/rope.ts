/** Rotary embeddings from config.json, in its old form (rope_theta, rope_scaling) and its new one (rope_parameters).
 *  Source: transformers 5.23 modeling_rope_utils.py; computed in float32 as there, so that angles at far positions agree. */
import { problemError } from '../../shared/problem';
import type { RopeSpec } from '../../shared/decoderSpec';
import type { ModelConfig } from '../source';
import { ConfigReader } from './architecture';

type Parameters = Record<string, unknown>;

/** `kind` picks one of several ropes where rope_parameters is keyed by layer type (Gemma 3). */
export function readRope(config: ModelConfig, headSize: number, kind?: string, defaultTheta = 10000): RopeSpec {
  return ropeFrom(ropeParameters(config, kind, defaultTheta), config, headSize);
}

export function ropeFrom(parameters: Parameters, config: ModelConfig, headSize: number): RopeSpec {
  const read = new ConfigReader({ ...config, ...parameters });
  const theta = read.number('rope_theta');
  const rotated = Math.floor(headSize * read.number('partial_rotary_factor', 1));
  if (rotated !== headSize)
    throw problemError('model/rope', `config.json rotates ${rotated} of ${headSize} dimensions of a head (partial_rotary_factor); only whole heads are supported.`, {
      where: { file: 'config.json', field: 'partial_rotary_factor' },
    });
  const base = Array.from({ length: rotated / 2 }, (_, i) => f32(1 / f32(theta ** f32((2 * i) / rotated))));
  const named = parameters.rope_type ?? parameters.type ?? 'default';
  const type = typeof named === 'string' ? named : JSON.stringify(named);
  switch (type) {
    case 'default': return { inverseFrequencies: base, attentionScaling: 1 };
    case 'linear': {
      const factor = read.number('factor');
      return { inverseFrequencies: base.map(f => f32(f / factor)), attentionScaling: 1 };
    }
    case 'llama3': return { inverseFrequencies: llama3(base, read), attentionScaling: 1 };
    case 'yarn': return yarn(theta, rotated, base, read);
    case 'longrope': case 'su': return longrope(theta, rotated, read);
    default:
      throw problemError('model/rope', `config.json has rope_type "${type}". Supported: default, linear, llama3, longrope, yarn.`, { where: { file: 'config.json', field: 'rope_scaling' } });
  }
}

/** The parameters of one rope, whichever form config.json has. */
function ropeParameters(config: ModelConfig, kind: string | undefined, defaultTheta: number): Parameters {
  const read = new ConfigReader(config);
  const modern = read.object('rope_parameters');
  if (modern) {
    const one = kind !== undefined && typeof modern[kind] === 'object' && modern[kind] !== null ? modern[kind] as Parameters : modern;
    return { ...one, rope_theta: one.rope_theta ?? read.number('rope_theta', defaultTheta) };
  }
  return { ...read.object('rope_scaling'), rope_theta: read.number('rope_theta', defaultTheta) };
}

/** Long waves are stretched by `factor`, short ones kept, those between blended. */
function llama3(base: number[], read: ConfigReader): number[] {
  const [factor, low, high] = [read.number('factor'), read.number('low_freq_factor'), read.number('high_freq_factor')];
  const original = read.number('original_max_position_embeddings');
  return base.map(frequency => {
    const wavelength = (2 * Math.PI) / frequency;
    if (wavelength < original / high) return frequency;
    if (wavelength > original / low) return f32(frequency / factor);
    const smooth = (original / wavelength - low) / (high - low);
    return f32((1 - smooth) * (frequency / factor) + smooth * frequency);
  });
}

/** arXiv 2309.00071. */
function yarn(theta: number, rotated: number, base: number[], read: ConfigReader): RopeSpec {
  const original = read.number('original_max_position_embeddings', read.number('max_position_embeddings'));
  const factor = read.number('factor', read.number('max_position_embeddings') / original);
  const [fast, slow] = [read.number('beta_fast', 32), read.number('beta_slow', 1)];
  const scale = (s: number, m = 1) => s <= 1 ? 1 : 0.1 * m * Math.log(s) + 1;
  const mscale = read.optionalNumber('mscale');
  const mscaleAll = read.optionalNumber('mscale_all_dim');
  const attentionScaling = read.optionalNumber('attention_factor') ?? (mscale && mscaleAll ? scale(factor, mscale) / scale(factor, mscaleAll) : scale(factor));
  const dimension = (rotations: number) => (rotated * Math.log(original / (rotations * 2 * Math.PI))) / (2 * Math.log(theta));
  const truncate = read.boolean('truncate', true);
  const low = Math.max(truncate ? Math.floor(dimension(fast)) : dimension(fast), 0);
  let high = Math.min(truncate ? Math.ceil(dimension(slow)) : dimension(slow), rotated - 1);
  if (low === high) high += 0.001;
  return {
    attentionScaling,
    inverseFrequencies: base.map((frequency, i) => {
      const extrapolated = 1 - Math.min(1, Math.max(0, (i - low) / (high - low)));
      return f32((frequency / factor) * (1 - extrapolated) + frequency * extrapolated);
    }),
  };
}

/** arXiv 2402.13753. One factor per frequency; training lengths stay within the original context, so the short ones are taken unless max_position_embeddings was never extended. */
function longrope(theta: number, rotated: number, read: ConfigReader): RopeSpec {
  const factors = read.array('short_factor');
  if (!factors || factors.length !== rotated / 2)
    throw problemError('model/rope', `config.json has ${factors?.length ?? 0} entries in short_factor; ${rotated / 2} are needed.`, { where: { file: 'config.json', field: 'rope_scaling' } });
  const original = read.number('original_max_position_embeddings');
  const factor = read.optionalNumber('factor') ?? read.number('max_position_embeddings') / original;
  const attentionScaling = read.optionalNumber('attention_factor') ?? (factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original)));
  return { attentionScaling, inverseFrequencies: factors.map((f, i) => f32(1 / (Number(f) * theta ** ((2 * i) / rotated)))) };
}

const f32 = Math.fround;
