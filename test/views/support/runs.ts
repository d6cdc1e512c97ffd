/** Runs as the host shows them, made up: curves that fall, jump and level off as those of a real ORPO run do. */
import type { JobSummary, RunSnapshot, SampleRound, SeriesByName } from '../../../src/shared/follow';
import type { RecipeTableRow } from '../../../src/shared/recipeTable';
import { Random } from '../../../src/shared/random';

export interface MadeRun {
  steps?: number;
  seed?: number;
  job?: Partial<JobSummary>;
  rest?: Partial<Omit<RunSnapshot, 'job'>>;
}

/** A run of ORPO at its last step; everything that is not named is there and plausible. */
export function runOf({ steps = 120, seed = 1, job = {}, rest = {} }: MadeRun = {}): RunSnapshot {
  const series = seriesOf(steps, seed);
  const last = (name: string): number | null => series[name]?.values.at(-1) ?? null;
  return {
    job: {
      job_id: `job_20260110_101500_00000${seed}`, status: 'training', message: null, name: 'my-tune', base_model: 'HuggingFaceTB/SmolLM2-135M-Instruct', training_mode: 'orpo',
      progress: steps / 400, current_step: steps, total_steps: 400, epoch: last('epoch'), loss: last('loss'), eval_loss: last('eval_loss'),
      learning_rate: last('learning_rate'), grad_norm: last('grad_norm'), tokens_per_second: last('tokens_per_second'), seconds_per_step: 2.1, seconds_left: 588,
      created_at: '2026-01-10T10:15:00.000Z', updated_at: new Date().toISOString(), started_at: '2026-01-10T10:15:12.000Z', priority: 'normal', queue_place: null,
      device: 'cpu', attempt: 1, stop_requested: false, retry_of: null, error: null, output_dir: null, metrics: null, run_dir: '/data/runs/job',
      ...job,
    },
    recipe: {},
    facts: {
      started_at: '2026-01-10T10:15:12.000Z', backend: 'embedded', device: 'cpu', threads: 8, model: { id: 'HuggingFaceTB/SmolLM2-135M-Instruct', fingerprint: 'sha256:5af571cb' },
      dataset: { fingerprint: 'sha256:90ab12', rows: 1200, eval_rows: 64 }, versions: { merlina: '0.1.0', 'onnxruntime-node': '1.30.0', node: '20.19.5' },
    },
    series,
    samples: samplesOf(steps),
    problems: [],
    log: [
      { time: '2026-01-10T10:15:12.000Z', level: 'info', text: 'Training 4,884,480 of 139,399,488 weights.' },
      { time: '2026-01-10T10:19:40.000Z', level: 'warn', text: 'Step 40 took 9 s, 4 times as long as those before.' },
    ],
    checkpoints: [50, 100].filter(step => step <= steps).map(step => ({
      step, path: `/data/runs/job/checkpoints/step-${step}`, loss: series.loss!.values[step - 1]!, eval_loss: 1.9 - step / 400, is_best: step === 100, bytes: 59_400_000,
    })),
    ...rest,
  };
}

/** One point a step, an evaluation every twentieth of them. Every metric that the embedded trainer writes for ORPO. */
export function seriesOf(steps: number, seed = 1): SeriesByName {
  const random = Random.of(seed);
  const noise = (): number => 0.5 * random.normal();
  const share = (step: number): number => step / steps;
  const made = (values: (step: number) => number | null, every = 1): { steps: number[]; values: (number | null)[] } => {
    const at = Array.from({ length: Math.floor(steps / every) }, (_, i) => (i + 1) * every);
    return { steps: at, values: at.map(values) };
  };
  const fall = (step: number): number => 1.4 + 2.2 * Math.exp(-6 * share(step)) + seed * 0.05;
  const rise = (step: number): number => 1 - Math.exp(-3 * share(step));
  const every = Math.max(1, Math.round(steps / 20));
  return {
    loss: made(step => fall(step) + 0.25 * noise() + (step % 97 === 61 ? 6 : 0)),
    eval_loss: made(step => fall(step) + 0.08, every),
    'rewards/chosen': made(step => -0.12 + 0.05 * rise(step) + 0.01 * noise()),
    'rewards/rejected': made(step => -0.14 - 0.06 * rise(step) + 0.01 * noise()),
    'rewards/margins': made(step => 0.02 + 0.11 * rise(step) + 0.015 * noise()),
    'eval_rewards/margins': made(step => 0.02 + 0.1 * rise(step), every),
    'rewards/accuracies': made(step => Math.min(1, Math.max(0, 0.5 + 0.4 * rise(step) + 0.2 * noise()))),
    learning_rate: made(step => 8e-6 * Math.min(share(step) / 0.05, (1 + Math.cos(Math.PI * share(step))) / 2)),
    grad_norm: made(step => 0.6 + 0.3 * Math.abs(noise()) + (step % 97 === 61 ? 4 : 0)),
    tokens_per_second: made(() => 850 + 60 * noise()),
    step_seconds: made(() => 2.1 + 0.1 * noise()),
    epoch: made(step => 2 * share(step)),
    memory_bytes: made(step => 2.1e9 + 2e8 * rise(step)),
    peak_memory_bytes: made(step => 2.3e9 + 1e8 * rise(step)),
    'logps/chosen': made(step => -1.2 + 0.4 * rise(step) + 0.05 * noise()),
    'logps/rejected': made(step => -1.4 - 0.5 * rise(step) + 0.05 * noise()),
  };
}

const PROMPTS = ['Who are you?', 'How do I boil an egg?'];

function samplesOf(steps: number): SampleRound[] {
  const round = (step: number, model: SampleRound['model'], texts: string[]): SampleRound => ({ step, model, samples: PROMPTS.map((prompt, i) => ({ prompt, text: texts[i]! })) });
  return [
    round(0, 'base', ['I am a helpful AI assistant.', 'Place the egg in boiling water for 8 minutes.']),
    ...[20, 60, 100].filter(step => step <= steps).map(step => round(step, 'current', [
      `I am Merlina, apprentice at step ${step}. *Adjusts pointed hat.*`, 'First, whisper to the water.\nThen let the egg rest in it for eight turns of the small hourglass.',
    ])),
  ];
}

export const RECIPE_ROWS: RecipeTableRow[] = [
  { key: 'output_name', title: 'Output name', default: null, values: ['my-tune'] },
  { key: 'learning_rate', title: 'Learning rate', default: '0.000005', values: ['0.000008'] },
  { key: 'lora_r', title: 'LoRA rank', default: '64', values: ['16'] },
  { key: 'num_epochs', title: 'Epochs', unit: 'epochs', default: '2', values: ['2'] },
  { key: 'beta', title: 'Beta', default: '0.1', values: ['0.1'] },
];

/** What a data set may hold that wants to be more than text. */
export const HOSTILE_TEXT = '<img src=x onerror=alert(1)></script><script>alert(2)</script>\x1b[31mred\x1b[0m \u202eevil';
