/** A good start for each method: what differs from the defaults, and why. Values: Merlina 2.2.0, src/presets.py, for LoRA on models of 7–9 billion. */
import type { Recipe, RecipeInput, TrainingMode } from './schema';

type Changeable = keyof Omit<Recipe, 'output_name' | 'base_model' | 'training_mode' | 'dataset'>;

/** One line of a preset: a key, its value, and the reason for it. */
export interface PresetLine<K extends Changeable = Changeable> { key: K; value: Recipe[K]; why: string }

export interface Preset {
  mode: TrainingMode;
  title: string;
  /** The paper of the method, as an arXiv number. */
  arxiv?: string;
  lines: readonly PresetLine[];
}

/** Binds a line's value to the type of its key. */
const set = <K extends Changeable>(key: K, value: Recipe[K], why: string): PresetLine => ({ key, value, why });

/** Pairs teach by their difference, and soon memorise it: one pass, gentle at the start, without what blurs the difference. */
const preferenceLines = (batchRows: number, accumulation: number): PresetLine[] => [
  set('num_epochs', 1, 'A second pass over preferences overfits.'),
  set('batch_size', batchRows, batchRows === 2 ? 'Two pairs at once use the machine better than one.' : 'Four rows to a batch, because kto compares the rows of a batch.'),
  set('gradient_accumulation_steps', accumulation, `With batch_size ${batchRows}, 16 rows to an update.`),
  set('warmup_ratio', 0.1, 'The first updates are the noisiest, so the rate rises more slowly.'),
  set('weight_decay', 0, 'The reference or the likelihood term already holds the weights.'),
  set('lora_dropout', 0, 'Dropout would make the two answers of a pair differ by chance.'),
  set('max_grad_norm', 1, 'The usual limit; 0.3 slows ordinary updates too.'),
];

export const presets: Readonly<Record<TrainingMode, Preset>> = {
  sft: { mode: 'sft', title: 'Supervised fine-tuning', lines: [
    set('learning_rate', 2e-4, 'An adapter that learns new text takes large steps; the default is for preferences.'),
    set('batch_size', 2, 'Two rows at once use the machine better than one.'),
    set('gradient_accumulation_steps', 8, 'With batch_size 2, 16 rows to an update.'),
    set('max_grad_norm', 1, 'The usual limit; 0.3 slows ordinary updates too.'),
  ] },
  orpo: { mode: 'orpo', title: 'Odds-ratio preference (ORPO)', arxiv: '2403.07691', lines: [
    set('learning_rate', 8e-6, 'The paper\'s own rate (table 4).'),
    ...preferenceLines(2, 8),
  ] },
  dpo: { mode: 'dpo', title: 'Direct preference (DPO)', arxiv: '2305.18290', lines: preferenceLines(2, 8) },
  simpo: { mode: 'simpo', title: 'Simple preference (SimPO)', arxiv: '2405.14734', lines: [
    set('learning_rate', 1e-6, 'Nothing holds the model near its start, so steps are small.'),
    set('beta', 2, 'Mean log-probabilities are small numbers and need a large scale.'),
    set('gamma', 1, 'Half of beta: the margin the paper found best.'),
    ...preferenceLines(2, 8),
  ] },
  cpo: { mode: 'cpo', title: 'Contrastive preference (CPO)', arxiv: '2401.08417', lines: preferenceLines(2, 8) },
  ipo: { mode: 'ipo', title: 'Identity preference (IPO)', arxiv: '2310.12036', lines: [
    set('beta', 0.01, 'The margin aimed at is 1 / (2·beta), so beta is small.'),
    ...preferenceLines(2, 8),
  ] },
  kto: { mode: 'kto', title: 'Judged single answers (KTO)', arxiv: '2402.01306', lines: preferenceLines(4, 4) },
};

/** A recipe's keys with the preset of its method laid under them: what the input sets, stays. */
export function withPreset(mode: TrainingMode, input: RecipeInput): RecipeInput {
  const changes = Object.fromEntries(presets[mode].lines.map(({ key, value }) => [key, value]));
  return { ...changes, ...input, training_mode: mode };
}
