/** The reference vram.json: Merlina's own estimates, component by component, and what its names of models say. */
import { z } from 'zod';
import type { ModelConfig } from '../../models';
import type { ParityCase } from '../../shared/parity';
import { GB } from './memoryEstimate';
import { merlinaSuggestions } from './merlinaSuggestions';
import { billionsOfName, profileOfConfig, profileOfName } from './modelProfile';
import { trlMemory } from './trlMemory';
import type { TrlSettings } from './trlMemory';

const TOLERANCE = 1e-9;
/** Profiles of names state their parameters in billions, rounded to three decimals. */
const BILLIONS_TOLERANCE = 5.01e-4;

const settingsSchema = z.object({
  batch_size: z.number(), max_length: z.number(), training_mode: z.string(), use_4bit: z.boolean(), use_lora: z.boolean(), lora_r: z.number(),
  target_modules: z.array(z.string()).nullable(), modules_to_save: z.array(z.string()).nullable(), gradient_checkpointing: z.boolean(),
  optimizer_type: z.string(), attn_implementation: z.string(), use_liger: z.boolean(),
});
type Settings = z.infer<typeof settingsSchema>;

const caseSchema = z.object({
  model: z.string().optional(), name: z.string().optional(), safetensors_total_size: z.number().optional(), settings: settingsSchema.partial(),
  params: z.number(), total_gb: z.number(), breakdown_gb: z.record(z.string(), z.number()), dominant: z.string(), confidence: z.string(),
  notes: z.array(z.string()), suggestions: z.array(z.string()),
});
const fixtureSchema = z.object({
  defaults: settingsSchema,
  models: z.record(z.string(), z.record(z.string(), z.unknown())),
  names: z.array(z.object({ name: z.string(), size_b: z.number().nullable(), profile: z.record(z.string(), z.unknown()).nullable() })),
  cases: z.array(caseSchema),
});
type Fixture = z.infer<typeof fixtureSchema>;

export function vramParity(fixture: unknown): ParityCase[] {
  const { defaults, models, names, cases } = fixtureSchema.parse(fixture);
  return [...names.map(nameCase), ...cases.map(one => estimateCase(one, { ...defaults, ...one.settings } as Settings, models))];
}

function estimateCase(want: Fixture['cases'][number], settings: Settings, models: Fixture['models']): ParityCase {
  const changes = Object.entries(want.settings).map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',');
  const name = `vram/${want.model ?? want.name ?? ''}(${changes})${want.safetensors_total_size === undefined ? '' : '+index'}`;
  // Total bytes of an index are two a parameter: checkpoints are bf16.
  const exactParams = want.safetensors_total_size === undefined ? undefined : want.safetensors_total_size / 2;
  const profile = want.model === undefined ? profileOfName(want.name ?? '') : profileOfConfig(models[want.model] as ModelConfig, exactParams === undefined ? {} : { exactParams });
  if (!profile) return { name, ok: false, detail: 'the model has no sizes' };
  const asked = settingsOf(settings);
  const estimate = trlMemory(profile, asked, []);
  const got: Record<string, number> = Object.fromEntries(Object.entries(estimate.components).map(([key, bytes]) => [key, bytes / GB]));
  const numbers: [string, number, number][] = [
    ['params', profile.params, want.params], ['total', estimate.totalBytes / GB, want.total_gb],
    ...[...new Set([...Object.keys(got), ...Object.keys(want.breakdown_gb)])].map((key): [string, number, number] => [key, got[key] ?? 0, want.breakdown_gb[key] ?? 0]),
  ];
  const texts: [string, unknown, unknown][] = [
    ['dominant', estimate.dominant, want.dominant], ['confidence', estimate.confidence, want.confidence],
    ['notes', estimate.notes, want.notes], ['suggestions', merlinaSuggestions(estimate, asked), want.suggestions],
  ];
  const wrong = texts.find(([, a, b]) => JSON.stringify(a) !== JSON.stringify(b));
  if (wrong) return { name, ok: false, detail: `${wrong[0]}: ${JSON.stringify(wrong[1])} instead of ${JSON.stringify(wrong[2])}` };
  const [worst, error] = numbers.map(([key, a, b]): [string, number] => [key, a === b ? 0 : Math.abs(a - b) / Math.abs(b)]).reduce((a, b) => b[1] > a[1] ? b : a);
  return { name, ok: error <= TOLERANCE, detail: `largest error ${error.toExponential(1)} (${worst}), tolerance ${TOLERANCE.toExponential(0)}` };
}

function nameCase({ name: model, size_b: billions, profile: want }: Fixture['names'][number]): ParityCase {
  const name = `vram/name/${model}`;
  const size = billionsOfName(model) ?? null;
  if (size !== billions) return { name, ok: false, detail: `${String(size)} billion instead of ${String(billions)}` };
  const profile = profileOfName(model);
  if (!profile || want === null) return { name, ok: !profile === (want === null) };
  const got: Record<string, unknown> = {
    hidden_size: profile.hiddenSize, num_hidden_layers: profile.layerCount, num_attention_heads: profile.headCount, num_key_value_heads: profile.kvHeadCount,
    intermediate_size: profile.intermediateSize, vocab_size: profile.vocabSize, tie_word_embeddings: profile.isTied,
  };
  const wrong = Object.keys(got).find(key => got[key] !== want[key]);
  if (wrong !== undefined) return { name, ok: false, detail: `${wrong}: ${String(got[wrong])} instead of ${String(want[wrong])}` };
  return { name, ok: Math.abs(profile.params / 1e9 - Number(want.num_params_billions)) <= BILLIONS_TOLERANCE };
}

function settingsOf(settings: Settings): TrlSettings {
  return {
    batchSize: settings.batch_size, maxLength: settings.max_length, method: settings.training_mode, use4bit: settings.use_4bit, useLora: settings.use_lora,
    loraRank: settings.lora_r, targetModules: settings.target_modules ?? [], modulesToSave: settings.modules_to_save ?? [],
    gradientCheckpointing: settings.gradient_checkpointing, optimizer: settings.optimizer_type, attention: settings.attn_implementation, useLiger: settings.use_liger,
  };
}
