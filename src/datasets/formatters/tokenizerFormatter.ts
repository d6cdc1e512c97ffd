/** The model's own chat template. */
import { ChatTemplate } from '../../models';
import type { ChatMessage } from '../../models';
import { problemError } from '../../shared/problem';
import type { FormatRow, FormattedRow } from '../rows';
import { hasText, systemOf, turnsOf, withReasoning } from './datasetFormatter';
import type { DatasetFormatter } from './datasetFormatter';

export interface TokenizerFormatterOptions {
  chatTemplate: string;
  specialTokens: Readonly<Record<string, string>>;
  /** Used where detection is off. */
  enableThinking?: boolean;
  /** A row thinks if it holds reasoning or a think block. */
  autoDetectThinking?: boolean;
  /** The clock of templates that write the date. */
  now?: Date;
}

/** Ends of a turn that templates write, whatever the tokenizer calls its EOS. */
const TURN_ENDS = ['<|im_end|>', '<|eot_id|>', '<end_of_turn>', '<turn|>'];

export class TokenizerFormatter implements DatasetFormatter {
  readonly name = 'tokenizer';
  readonly stopText: string | undefined;
  private readonly template: ChatTemplate;

  constructor(private readonly options: TokenizerFormatterOptions) {
    this.template = new ChatTemplate(options.chatTemplate);
    this.stopText = options.specialTokens['eos_token'];
  }

  /** prompt + response is the template's rendering of the whole conversation, EOS added only where the template ends a turn with nothing. */
  format(row: FormatRow): FormattedRow {
    const system = systemOf(row);
    const before: ChatMessage[] = [...(system === undefined ? [] : [{ role: 'system', content: system }]), ...turnsOf(row)];
    const enableThinking = this.options.autoDetectThinking ?? true ? hasThinking(row) : this.options.enableThinking ?? true;
    const render = (messages: ChatMessage[], addGenerationPrompt: boolean): string =>
      this.template.render(messages, { addGenerationPrompt, enableThinking, specialTokens: this.options.specialTokens, ...(this.options.now ? { now: this.options.now } : {}) });
    const answer = (text: string | undefined): { content: string; full: string } => {
      const content = withReasoning(row, text ?? '');
      return { content, full: render([...before, { role: 'assistant', content }], false) };
    };
    const [chosen, rejected] = [answer(row.chosen), answer(row.rejected)];
    const opened = render(before, true);
    const given = row.rejected === undefined ? [chosen.full] : [chosen.full, rejected.full];
    const prompt = given.every(full => full.startsWith(opened)) ? opened : sharedPrompt(opened, given, () => render(before, false));
    return { prompt, chosen: this.response(prompt, chosen), rejected: this.response(prompt, rejected) };
  }

  private response(prompt: string, { content, full }: { content: string; full: string }): string {
    const text = full.startsWith(prompt) ? full.slice(prompt.length) : '';
    const end = text.trimEnd();
    const eos = this.options.specialTokens['eos_token'];
    const isOpen = end.endsWith(content.trimEnd()) && ![eos, ...TURN_ENDS].some(stop => stop !== undefined && end.endsWith(stop));
    return isOpen && eos !== undefined ? text + eos : text;
  }
}

/**
 * The generation prompt is no beginning of the whole conversation: templates open a think block there, or close an empty one.
 * Cut where all renderings still agree, and before a think block rather than inside it.
 */
function sharedPrompt(opened: string, full: string[], closed: () => string): string {
  const shared = [opened, ...full].reduce(commonPrefix);
  const turnStart = commonPrefix(opened, closed()).length;
  if (shared.length < turnStart) {
    throw problemError('dataset/template-rewrites-prompt',
      'The chat template renders the prompt otherwise once an answer follows it, so prompt and response cannot be told apart.',
      { fix: { text: 'Choose another format than "tokenizer", or leave the row out.' } });
  }
  const think = shared.indexOf('<think>', turnStart);
  return think < 0 ? shared : shared.slice(0, think);
}

function commonPrefix(a: string, b: string): string {
  let end = 0;
  while (end < a.length && a[end] === b[end]) end++;
  return a.slice(0, end);
}

function hasThinking(row: FormatRow): boolean {
  return hasText(row.reasoning) || [row.prompt, row.chosen, row.rejected, row.system].some(text => text?.includes('<think>') && text.includes('</think>'));
}
