/** Where the rows come from and what is done to them before training. */
import { z } from 'zod';
import { fieldsOf } from './field';
import { unusedField } from './unusedShape';

const field = fieldsOf('dataset');

export const sourceTypes = ['huggingface', 'local_file', 'upload'] as const;
export const formatTypes = ['tokenizer', 'chatml', 'llama3', 'mistral', 'qwen3', 'custom', 'raw', 'none'] as const;

/** A branch, tag or commit on the hub. */
const revisionPattern = /^\w[\w.+/-]*$/;

const columnMapping = field(z.record(z.string(), z.string()).nullable().default(null),
  'Column mapping', 'From a column\'s own name to prompt, chosen, rejected, system, reasoning, input, history, label, conversation, tools or text; null tells them from the rows.');

const sourceSchema = z.strictObject({
  source_type: field(z.enum(sourceTypes).default('huggingface'),
    'Source', 'The hub, a file of this machine, or a file uploaded to the server.'),
  repo_id: field(z.string().min(1).nullable().default(null),
    'Dataset id', 'The dataset\'s id on the hub, as owner/name.'),
  config_name: field(z.string().min(1).nullable().default(null),
    'Configuration', 'The dataset\'s configuration (subset); null is its only one, or its default.'),
  split: field(z.string().min(1).default('train'),
    'Split', 'Which split of the dataset is read; "train+test" reads both.'),
  revision: field(z.string().regex(revisionPattern).nullable().default(null),
    'Revision', 'Branch, tag or commit of the dataset on the hub; null is its main branch. A commit gives the same rows for ever.'),
  data_dir: field(z.string().min(1).nullable().default(null),
    'Folder', 'Folder of the dataset\'s repository to read, instead of what its card says.'),
  data_files: field(z.array(z.string().min(1)).min(1).nullable().default(null),
    'Files', 'Files of the dataset\'s repository to read as split "train", by name or pattern ("data/*.jsonl"), instead of what its card says.'),
  file_path: field(z.string().min(1).nullable().default(null),
    'File', 'Path of the file; a relative one counts from the recipe\'s folder.'),
  file_format: field(z.enum(['json', 'jsonl', 'csv', 'tsv', 'parquet', 'text']).nullable().default(null),
    'File format', 'Format of the file; null tells it from content and name.'),
  text_split: field(z.enum(['paragraph', 'line', 'length']).nullable().default(null),
    'Split text', 'Where plain text is split into rows: at blank lines, at line ends, or after so many characters. Null takes blank lines where there are any, else line ends.'),
  text_split_length: field(z.int().min(100).max(1_000_000).nullable().default(null),
    'Text length', 'Most characters of a row, with text_split "length"; a row ends at a blank where there is one. Null is 2,000.', { unit: 'characters' }),
  dataset_id: field(z.string().min(1).nullable().default(null),
    'Upload id', 'Id that the server gave to an uploaded file.'),
  streaming: field(z.boolean().default(false),
    'Stream', 'Read rows as they are needed, instead of the whole dataset first.'),
  streaming_batch_size: unusedField('Streaming batch', 'Kept for Merlina; rows stream one at a time here.'),
  column_mapping: columnMapping,
});

const templatesSchema = z.strictObject({
  prompt_template: field(z.string().default('{prompt}'), 'Prompt template', 'Text of the prompt; {system} and {prompt} are filled in.'),
  chosen_template: field(z.string().default('{chosen}'), 'Chosen template', 'Text of the chosen answer; {chosen} is filled in.'),
  rejected_template: field(z.string().default('{rejected}'), 'Rejected template', 'Text of the rejected answer; {rejected} is filled in.'),
});

const formatSchema = z.strictObject({
  format_type: field(z.enum(formatTypes).default('tokenizer'),
    'Format', 'How a row becomes text: the model\'s own chat template (tokenizer), a named format, your templates (custom), or unchanged (raw).',
    { regret: 'run' }),
  custom_templates: field(templatesSchema.nullable().default(null),
    'Custom templates', 'The texts of format custom.', { usedWhen: { key: 'dataset.format.format_type', isOneOf: ['custom'] } }),
  enable_thinking: field(z.boolean().default(true),
    'Thinking', 'Tell templates that know thinking to leave room for it.'),
  auto_detect_thinking: field(z.boolean().default(true),
    'Detect thinking', 'Decide on thinking for each row, by whether it holds a reasoning part.'),
});

/** `{}` means all defaults of the parts; zod fills them in (prefault), so a part may be left out or given in part. */
export const datasetShape = {
  dataset: field(z.strictObject({
    source: field(sourceSchema.prefault({}), 'Source', 'The rows to train on.'),
    additional_sources: field(z.array(sourceSchema).default([]), 'More sources', 'Appended to the first source.'),
    eval_source: field(sourceSchema.nullable().default(null), 'Evaluation source', 'Rows to evaluate on, as they are; null splits some off.'),
    format: field(formatSchema.prefault({}), 'Format', 'How rows become text.'),
    model_name: unusedField('Preview model', 'Kept for Merlina; base_model\'s tokenizer is used here.'),
    column_mapping: columnMapping,
    convert_messages_format: field(z.boolean().default(true),
      'Convert messages', 'Turn rows that hold a list of messages into prompt and answer.'),
    system_prompt: field(z.string().nullable().default(null),
      'System prompt', 'A system message for the rows; null leaves them alone.', { regret: 'quality' }),
    system_prompt_mode: field(z.enum(['fill_empty', 'replace_all']).default('fill_empty'),
      'System prompt goes to', 'Rows without a system message, or all rows.'),
    deduplicate: field(z.boolean().default(false),
      'Remove duplicates', 'Keep only the first of equal rows.', { regret: 'quality' }),
    dedupe_strategy: field(z.enum(['prompt', 'chosen', 'prompt_chosen', 'exact', 'near']).default('prompt_chosen'),
      'Equal by', 'What must be equal for two rows to be duplicates; near is prompt and answer together, in nearly the same words.', { usedWhen: { key: 'dataset.deduplicate', isOneOf: [true] } }),
    near_duplicate_threshold: field(z.number().min(0.3).max(1).default(0.8),
      'Alike from', 'With dedupe_strategy "near": the share of three-word sequences (Jaccard index) that makes two rows duplicates.',
      { unit: 'fraction', usedWhen: { key: 'dataset.dedupe_strategy', isOneOf: ['near'] } }),
    bad_rows: field(z.enum(['stop', 'skip']).default('stop'),
      'Rows with faults', 'Stop before training and name them, or leave them out with a warning.', { regret: 'quality' }),
    test_size: field(z.number().min(0).max(0.9).default(0.01),
      'Share for evaluation', 'Share of the rows split off to evaluate on; 0 splits none off.', { unit: 'fraction', regret: 'quality' }),
    max_samples: field(z.int().min(1).nullable().default(null),
      'Rows at most', 'Only the first so many rows; null takes all.', { unit: 'rows', regret: 'cost' }),
    training_mode: unusedField('Dataset method', 'Kept for Merlina; training_mode of the recipe decides here.'),
  }).prefault({}), 'Dataset', 'The rows to train on.'),
};
