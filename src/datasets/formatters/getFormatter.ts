/** The formatter of a recipe's format_type. */
import { problemError } from '../../shared/problem';
import { ChatMLFormatter } from './chatMLFormatter';
import { CustomFormatter } from './customFormatter';
import type { CustomTemplates } from './customFormatter';
import type { DatasetFormatter } from './datasetFormatter';
import { Llama3Formatter } from './llama3Formatter';
import { MistralFormatter } from './mistralFormatter';
import { Qwen3Formatter } from './qwen3Formatter';
import { RawFormatter } from './rawFormatter';
import { TokenizerFormatter } from './tokenizerFormatter';

export interface FormatterOptions {
  /** The model's chat template; needed by `tokenizer`. */
  chatTemplate?: string;
  specialTokens?: Readonly<Record<string, string>>;
  enableThinking?: boolean;
  autoDetectThinking?: boolean;
  /** Needed by `custom`. */
  customTemplates?: CustomTemplates | null;
  /** The clock of templates that write the date. */
  now?: Date;
}

const FORMATTERS: Readonly<Record<string, (options: FormatterOptions) => DatasetFormatter>> = {
  chatml: () => new ChatMLFormatter(),
  llama3: () => new Llama3Formatter(),
  mistral: () => new MistralFormatter(),
  qwen3: options => new Qwen3Formatter(options.enableThinking ?? true),
  tokenizer,
  custom,
  raw: () => new RawFormatter(),
};

/** Without the alias `none` of `raw`. */
export const formatterNames: readonly string[] = Object.keys(FORMATTERS);

/** The keys of the recipe's dataset.format. */
export interface FormatKeys {
  format_type: string;
  custom_templates?: CustomTemplates | null;
  enable_thinking?: boolean;
  auto_detect_thinking?: boolean;
}

/** The formatter that dataset.format asks for; `given` is the model's. Problems as of getFormatter. */
export function formatterOf({ format_type: name, custom_templates: customTemplates, enable_thinking: enableThinking, auto_detect_thinking: autoDetectThinking }: FormatKeys,
  given: { specialTokens?: Readonly<Record<string, string>> | undefined; chatTemplate?: string | undefined; now?: Date | undefined }): DatasetFormatter {
  const options = { customTemplates, enableThinking, autoDetectThinking, ...given };
  return getFormatter(name, Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as FormatterOptions);
}

/** Case does not matter. Problems: dataset/unknown-format, dataset/no-chat-template, dataset/no-custom-templates. */
export function getFormatter(name: string, options: FormatterOptions = {}): DatasetFormatter {
  const key = name.toLowerCase() === 'none' ? 'raw' : name.toLowerCase();
  const make = Object.hasOwn(FORMATTERS, key) ? FORMATTERS[key] : undefined;
  if (!make) {
    throw problemError('dataset/unknown-format', `Invalid format_type: ${name}.`,
      { where: { field: 'dataset.format.format_type' }, fix: { text: `Use one of: ${formatterNames.join(', ')}.` } });
  }
  return make(options);
}

function tokenizer(options: FormatterOptions): DatasetFormatter {
  if (options.chatTemplate === undefined) {
    throw problemError('dataset/no-chat-template', 'The model\'s tokenizer has no chat template, which format "tokenizer" needs.', {
      where: { field: 'dataset.format.format_type' },
      fix: { text: 'Use a named format such as "chatml", or a model that brings a template (most "-Instruct" ones do).', set: { key: 'dataset.format.format_type', value: 'chatml' } },
    });
  }
  return new TokenizerFormatter({ ...options, chatTemplate: options.chatTemplate, specialTokens: options.specialTokens ?? {} });
}

function custom({ customTemplates }: FormatterOptions): DatasetFormatter {
  if (!customTemplates || Object.keys(customTemplates).length === 0) {
    throw problemError('dataset/no-custom-templates', 'Format "custom" needs templates, and there are none.',
      { where: { field: 'dataset.format.custom_templates' }, fix: { text: 'Write dataset.format.custom_templates, or choose another format.' } });
  }
  return new CustomFormatter(customTemplates);
}
