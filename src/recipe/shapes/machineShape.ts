/** Where and by what the run is computed. */
import { z } from 'zod';
import { fieldsOf } from './field';

const field = fieldsOf('machine');

export const backends = ['embedded', 'trl'] as const;
export const devices = ['auto', 'cpu', 'webgpu', 'cuda', 'dml'] as const;

/** What products are computed in; int8 those with frozen weights, all others then in float32. Master weights, sums over a row's losses and the optimizer are float32 in all of them. */
export const computeDtypes = ['float32', 'float16', 'int8'] as const;

export const machineShape = {
  backend: field(z.enum(backends).default('embedded'),
    'Backend', 'embedded needs nothing installed; trl uses a Python with TRL.', { regret: 'cost' }),
  device: field(z.enum(devices).default('auto'),
    'Device', 'What computes; auto takes the fastest that works.'),
  compute_dtype: field(z.enum(computeDtypes).default('float32'),
    'Compute type', 'What products are computed in: float32 is exact; float16 is for GPUs that have it; int8 multiplies frozen weights in 8 bits on the CPU, faster and less exact.',
    { regret: 'cost', usedWhen: { key: 'backend', isOneOf: ['embedded'] } }),
  threads: field(z.int().min(1).max(1024).nullable().default(null),
    'Threads', 'Processor threads to use; null uses all.', { unit: 'threads' }),
  gradient_checkpointing: field(z.boolean().default(true),
    'Gradient checkpointing', 'Compute activations again in the backward pass instead of keeping them: less memory, some more time.',
    { regret: 'cost' }),
  attn_implementation: field(z.enum(['auto', 'flash_attention_2', 'sdpa', 'eager']).default('auto'),
    'Attention', 'Attention kernel of the trl backend; the embedded engine has its own.', { usedWhen: { key: 'backend', isOneOf: ['trl'] } }),
};
