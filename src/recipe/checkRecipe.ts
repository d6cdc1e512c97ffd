/** Rules between keys of a recipe: what each key alone allows, but all together do not. */
import type { Problem, Severity } from '../shared/problem';
import { datasetSources } from './datasetSources';
import type { DatasetSourceConfig, Recipe } from './schema';

/** KTO compares each answer with the others of its batch (the KL term), so one alone teaches nothing. */
const smallestKtoBatchRows = 2;
/** The key that each kind of source cannot do without. */
const sourceKeys = { huggingface: 'repo_id', local_file: 'file_path', upload: 'dataset_id' } as const;
/** Losses in which beta multiplies everything there is to learn. */
const modesThatNeedBeta: readonly Recipe['training_mode'][] = ['dpo', 'ipo', 'simpo', 'kto'];

/** Pure; knows neither files nor machines (that is preflight). `where.field` is dotted, lists by place: "dataset.additional_sources.0.repo_id". */
export function checkRecipe(recipe: Recipe): Problem[] {
  return [
    ...lengths(recipe), ...method(recipe), ...steps(recipe), ...adapter(recipe), ...precision(recipe), ...format(recipe), ...sources(recipe),
  ];
}

function* lengths({ max_length, max_prompt_length }: Recipe): Generator<Problem> {
  if (max_prompt_length < max_length) return;
  yield problem('error', 'prompt-too-long', 'max_prompt_length',
    `${max_prompt_length} tokens of prompt leave no room for a response within max_length ${max_length}.`,
    `Set max_prompt_length below ${max_length}, or raise max_length.`, Math.max(1, Math.floor(max_length / 2)));
}

function* method({ training_mode, batch_size, beta }: Recipe): Generator<Problem> {
  if (training_mode === 'kto' && batch_size < smallestKtoBatchRows) {
    yield problem('error', 'kto-batch', 'batch_size',
      `kto compares each answer with others of its batch; a batch of ${batch_size} has none.`,
      `Set batch_size to at least ${smallestKtoBatchRows}.`, 4);
  }
  if (beta === 0 && modesThatNeedBeta.includes(training_mode)) {
    yield problem('error', 'beta-zero', 'beta', `With beta 0, ${training_mode} learns nothing.`, 'Set beta above 0.', 0.1);
  }
}

function* steps(recipe: Recipe): Generator<Problem> {
  const { eval_steps, save_steps, max_steps, num_epochs, early_stopping_patience, dataset } = recipe;
  for (const [key, value] of [['eval_steps', eval_steps], ['save_steps', save_steps]] as const) {
    if (value === null) continue;
    if (value > 1 && !Number.isInteger(value)) {
      yield problem('error', 'steps-not-whole', key, `${value} is neither a fraction of all steps nor a whole number of steps.`,
        'Use a value below 1 for a fraction, or a whole number.', Math.floor(value));
    } else if (max_steps !== null && value > max_steps) {
      yield problem('warning', 'steps-beyond-end', key, `${value} steps are never reached: the run ends after max_steps ${max_steps}.`,
        `Set ${key} to at most ${max_steps}, or to a fraction.`);
    }
  }
  if (max_steps !== null && num_epochs !== 2) {
    yield problem('info', 'max-steps-decides', 'max_steps', `The run ends after ${max_steps} steps; num_epochs ${num_epochs} is not used.`);
  }
  if (early_stopping_patience === null) return;
  if (eval_steps === 0) {
    yield problem('error', 'early-stopping-blind', 'early_stopping_patience',
      'The run cannot stop early by its evaluation loss: eval_steps is 0.', 'Set eval_steps, or remove early_stopping_patience.', null);
  } else if (dataset.eval_source === null && dataset.test_size === 0) {
    yield problem('error', 'early-stopping-blind', 'early_stopping_patience',
      'The run cannot stop early by its evaluation loss: there are no rows to evaluate on.',
      'Set dataset.test_size or dataset.eval_source, or remove early_stopping_patience.', null);
  }
}

function* adapter({ use_lora, target_modules, modules_to_save, init_adapter, use_4bit }: Recipe): Generator<Problem> {
  if (use_lora) {
    if (target_modules.length + modules_to_save.length === 0 && init_adapter === null) {
      yield problem('error', 'nothing-to-train', 'target_modules', 'There is nothing to train: target_modules and modules_to_save are empty.',
        'Name at least one module, for example "q_proj" and "v_proj".');
    }
    const twice = modules_to_save.find(name => target_modules.includes(name));
    if (twice !== undefined) {
      yield problem('error', 'module-twice', 'modules_to_save', `"${twice}" is also in target_modules; a module is trained in full or by an adapter, not both.`,
        `Remove "${twice}" from one of them.`);
    }
    return;
  }
  if (init_adapter !== null) {
    yield problem('error', 'adapter-without-lora', 'init_adapter', 'An adapter to start from needs use_lora, which is off.', 'Turn use_lora on, or remove init_adapter.', null);
  }
  if (use_4bit) {
    yield problem('info', '4bit-without-lora', 'use_4bit', 'All weights are trained, so they are not kept in 4 bits.', 'Set use_4bit to false.', false);
  }
}

function* precision({ backend, compute_dtype, use_lora, use_4bit }: Recipe): Generator<Problem> {
  if (backend !== 'embedded' || compute_dtype !== 'int8') return;
  if (!use_lora) {
    yield problem('error', 'int8-without-lora', 'compute_dtype', 'Products in 8 bits need weights that stay as they are, and all weights are trained.',
      'Set compute_dtype to "float32", or turn use_lora on.', 'float32');
  } else if (use_4bit) {
    yield problem('error', 'int8-and-4bit', 'use_4bit', 'Frozen weights are kept in 4 bits (use_4bit) or multiplied in 8 (compute_dtype "int8"), not both.',
      'Set use_4bit to false, or compute_dtype to "float32".', false);
  }
}

function* format({ dataset: { format: { format_type, custom_templates } } }: Recipe): Generator<Problem> {
  if (format_type === 'custom' && custom_templates === null) {
    yield problem('error', 'custom-without-templates', 'dataset.format.custom_templates', 'Format custom needs templates, and there are none.',
      'Add custom_templates with prompt_template, chosen_template and rejected_template.',
      { prompt_template: '{prompt}', chosen_template: '{chosen}', rejected_template: '{rejected}' });
  }
}

function* sources(recipe: Recipe): Generator<Problem> {
  for (const { source: value, field } of datasetSources(recipe)) yield* source(value, field);
}

function* source(value: DatasetSourceConfig, at: string): Generator<Problem> {
  const key = sourceKeys[value.source_type];
  if (value[key] !== null) return;
  const given = Object.entries(sourceKeys).find(([, other]) => value[other] !== null);
  yield problem('error', 'source-incomplete', `${at}.${key}`, `A source of type ${value.source_type} needs ${key}, which is not set.`,
    given ? `Set it, or set source_type to "${given[0]}", since ${given[1]} is set.` : `Set ${at}.${key}.`);
}

function problem(severity: Severity, id: string, field: string, text: string, fix?: string, value?: unknown): Problem {
  return {
    id: `recipe/${id}`, severity, text, where: { field },
    ...(fix === undefined ? {} : { fix: { text: fix, ...(value === undefined ? {} : { set: { key: field, value } }) } }),
  };
}
