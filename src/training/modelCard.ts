/** README.md of a run: what was trained, on what, how, and what came of it; with the front matter that the Hub reads. */
import type { Recipe } from '../recipe';

export interface CardFacts {
  readonly recipe: Recipe;
  readonly rows: number;
  readonly evalRows: number;
  readonly steps: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly versions: Readonly<Record<string, string>>;
}

/** Settings worth a line, in this order. */
const SETTINGS: readonly (keyof Recipe)[] = [
  'training_mode', 'beta', 'learning_rate', 'lr_scheduler_type', 'warmup_ratio', 'optimizer_type', 'weight_decay', 'max_grad_norm',
  'num_epochs', 'batch_size', 'gradient_accumulation_steps', 'max_length', 'use_lora', 'lora_r', 'lora_alpha', 'lora_dropout', 'target_modules', 'seed',
];

export function modelCard({ recipe, rows, evalRows, steps, metrics, versions }: CardFacts): string {
  const frontMatter = [
    '---',
    `base_model: ${JSON.stringify(recipe.base_model)}`,
    `library_name: ${recipe.use_lora ? 'peft' : 'transformers'}`,
    'pipeline_tag: text-generation',
    'tags:',
    ...['merlina', recipe.training_mode, ...(recipe.use_lora ? ['lora'] : [])].map(tag => `- ${tag}`),
    '---',
  ];
  return [
    ...frontMatter,
    '',
    `# ${recipe.output_name}`,
    '',
    `${recipe.use_lora ? 'A LoRA adapter for' : 'A model tuned from'} \`${recipe.base_model}\`, trained with ${recipe.training_mode.toUpperCase()} ` +
      `on ${rows} rows${evalRows > 0 ? ` (${evalRows} more to evaluate)` : ''} in ${steps} steps.`,
    '',
    '## Settings',
    '',
    ...table(['key', 'value'], SETTINGS.map(key => [key, JSON.stringify(recipe[key])])),
    '',
    '## Results',
    '',
    ...table(['figure', 'value'], Object.entries(metrics).map(([name, value]) => [name, value.toPrecision(6)])),
    '',
    `Made with Merlina for VS Code (${Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ')}).`,
    '',
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
