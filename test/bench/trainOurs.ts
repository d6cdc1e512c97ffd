/** One run of our trainer: the command line in a fresh process, on a recipe that says what trl_orpo.py says. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RunEvent } from '../../src/shared/events';
import { type Recipe, recipeSchema, type RecipeInput } from '../../src/recipe';
import type { RunFigures } from './figures';
import type { FittingRow } from './fittingRows';
import { measuredProcess } from './measuredProcess';
import type { ProcessTree } from './processTree';

/** What is trained on; `tokens` as FittingRow counts them. */
export type BenchRow = Pick<FittingRow, 'prompt' | 'chosen' | 'rejected' | 'tokens'>;

export interface OurSetting {
  cli: string;
  model: string;
  /** Adapter to start from; null starts a fresh one, which TRL's losses cannot be compared with. */
  init: string | null;
  /** One a step. */
  rows: BenchRow[];
  maxLength: number;
  isCheckpointing: boolean;
  /** The frozen weights in 4 bits. */
  is4bit: boolean;
  /** Products with frozen weights in 8 bits. */
  isInt8?: boolean;
  threads: number | null;
  /** What the recipe says otherwise than the comparison with TRL. */
  changes?: Partial<RecipeInput>;
  /** Where decoded and packed weights are kept; the user's cache by default. */
  cache?: string;
  /** Sees each event as it comes. */
  onEvent?: (event: RunEvent, tree: ProcessTree) => void;
}

export interface OurFigures extends RunFigures {
  /** Seconds of compute, as the trainer says; one a step. */
  step_seconds: number[];
}

/** `folder` receives rows, recipe and run directory. */
export async function trainOurs(setting: OurSetting, folder: string): Promise<OurFigures> {
  const { file: recipeFile } = writeRecipe(setting, folder);
  const clock = new TrainingClock(Date.now());
  const args = [setting.cli, 'train', recipeFile, '--run-dir', path.join(folder, 'run'), '--json'];
  const process_ = await measuredProcess({
    command: process.execPath, args,
    ...(setting.cache !== undefined && { environment: { ...process.env, MERLINA_CACHE: setting.cache } }),
    onLine(line, tree) {
      const event = parseEvent(line);
      if (!event) return;
      clock.read(event, tree);
      setting.onEvent?.(event, tree);
    },
  });
  return figuresOf(clock, setting.rows, process_);
}

/** Rows and recipe as trainOurs takes them. */
export function writeRecipe(setting: OurSetting, folder: string): { recipe: Recipe; file: string } {
  mkdirSync(folder, { recursive: true });
  const rowsFile = path.join(folder, 'rows.jsonl');
  // Already rendered, and read with format "raw": both trainers get the same characters, whatever a formatter would add after the stop token.
  writeFileSync(rowsFile, setting.rows.map(({ prompt, chosen, rejected }) => JSON.stringify({ prompt, chosen, rejected }) + '\n').join(''));
  const recipe = recipeOf(setting, rowsFile);
  const file = path.join(folder, 'bench.merlina.json');
  writeFileSync(file, JSON.stringify(recipe, null, 2));
  return { recipe, file };
}

/** What trl_orpo.py leaves at its default is written out here: no weight decay, Adam's betas and epsilon, one batch an update. */
function recipeOf({ model, init, rows, maxLength, isCheckpointing, is4bit, isInt8 = false, threads, changes }: OurSetting, rowsFile: string): Recipe {
  const recipe: RecipeInput = {
    output_name: 'bench',
    base_model: model,
    training_mode: 'orpo', beta: 0.1,
    lora_r: 16, lora_alpha: 16, lora_dropout: 0, use_4bit: is4bit, compute_dtype: isInt8 ? 'int8' : 'float32', init_adapter: init,
    learning_rate: 1e-4, lr_scheduler_type: 'constant', warmup_ratio: 0,
    optimizer_type: 'adamw_torch', weight_decay: 0, adam_beta1: 0.9, adam_beta2: 0.999, adam_epsilon: 1e-8, max_grad_norm: 0.3,
    batch_size: 1, gradient_accumulation_steps: 1, num_epochs: 1, shuffle_dataset: false,
    eval_steps: 0, save_steps: 0, logging_steps: 1,
    // A recipe's prompt must be shorter than the row. No row here has so long a prompt, so nothing is cut.
    max_length: maxLength, max_prompt_length: maxLength - 1,
    gradient_checkpointing: isCheckpointing, device: 'cpu', threads,
    dataset: { source: { source_type: 'local_file', file_path: rowsFile }, format: { format_type: 'raw' }, test_size: 0, max_samples: rows.length },
    ...changes,
  };
  return recipeSchema.parse(recipe);
}

/** Follows the events of a run and notes when training began, and when the last step ended. */
class TrainingClock {
  readonly losses: number[] = [];
  readonly gradNorms: number[] = [];
  readonly stepSeconds: number[] = [];
  /** As the trainer itself says, bytes. */
  reportedPeakBytes = 0;
  private firstStepEnd: number | undefined;
  private start: { milliseconds: number; cpu: number | undefined } | undefined;
  private end: { milliseconds: number; cpu: number | undefined } | undefined;

  /** `spawned`: when the process was started, milliseconds. */
  constructor(private readonly spawned: number) {}

  /** Seconds from the start of the process. */
  startUp(): { start_seconds: number | null; first_step_seconds: number | null } {
    const since = (milliseconds: number | undefined): number | null => milliseconds === undefined ? null : (milliseconds - this.spawned) / 1000;
    return { start_seconds: since(this.start?.milliseconds), first_step_seconds: since(this.firstStepEnd) };
  }

  read(event: RunEvent, tree: ProcessTree): void {
    if (event.type === 'status_update' && event.status === 'training') this.start ??= { milliseconds: Date.parse(event.time), cpu: tree.cpuSeconds() };
    if (event.type !== 'metrics') return;
    this.losses.push(event.loss);
    this.gradNorms.push(event.grad_norm);
    this.stepSeconds.push(event.step_seconds);
    this.reportedPeakBytes = Math.max(this.reportedPeakBytes, event.peak_memory_bytes ?? 0);
    this.end = { milliseconds: Date.parse(event.time), cpu: tree.cpuSeconds() };
    this.firstStepEnd ??= this.end.milliseconds;
  }

  /** Throws when the run told neither of a start nor of a step. */
  elapsed(): { seconds: number; cpuSeconds: number | null } {
    if (!this.start || !this.end) throw new Error('The run wrote no "status_update" with status "training", or no "metrics".');
    const cpuSeconds = this.start.cpu === undefined || this.end.cpu === undefined ? null : this.end.cpu - this.start.cpu;
    return { seconds: (this.end.milliseconds - this.start.milliseconds) / 1000, cpuSeconds };
  }
}

function figuresOf(clock: TrainingClock, rows: readonly BenchRow[], { peakBytes, wholeSeconds, loadBefore }: Awaited<ReturnType<typeof measuredProcess>>): OurFigures {
  const { seconds, cpuSeconds } = clock.elapsed();
  return {
    seconds,
    pairs_per_s: rows.length / seconds,
    tokens_per_s: rows.reduce((sum, row) => sum + row.tokens, 0) / seconds,
    cpu_seconds: cpuSeconds,
    peak_rss_bytes: Math.max(peakBytes ?? 0, clock.reportedPeakBytes),
    whole_seconds: wholeSeconds,
    ...clock.startUp(),
    load_before: loadBefore,
    losses: clock.losses,
    grad_norms: clock.gradNorms,
    step_seconds: clock.stepSeconds,
  };
}

function parseEvent(line: string): RunEvent | undefined {
  try {
    return JSON.parse(line) as RunEvent;
  } catch {
    return undefined;
  }
}
