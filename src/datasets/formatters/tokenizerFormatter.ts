/** The model's own chat template. */
import { ChatTemplate } from '../../models';
import type { ChatMessage } from '../../models';
import { problemError, ProblemError } from '../../shared/problem';
import type { FormatRow, FormattedRow, ToolCall, Turn } from '../rows';
import { toolName } from '../toolCalls';
import { TURN_ENDS } from '../turnEnds';
import { AnswerFinder, commonPrefix } from './answerFinder';
import type { Render } from './answerFinder';
import { hasText, systemOf, turnsOf, usesTools, withLastAnswer, withReasoning } from './datasetFormatter';
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

export class TokenizerFormatter implements DatasetFormatter {
  readonly name = 'tokenizer';
  readonly isWholeText = true;
  readonly stopText: string | undefined;
  private readonly template: ChatTemplate;
  private readonly stops: readonly string[];
  private readonly finder: AnswerFinder;
  /** Some templates join arguments to text, so they need them as JSON. */
  private argumentsAsText = false;

  constructor(private readonly options: TokenizerFormatterOptions) {
    this.template = new ChatTemplate(options.chatTemplate);
    this.stopText = options.specialTokens['eos_token'];
    this.stops = [...(this.stopText === undefined ? [] : [this.stopText]), ...TURN_ENDS];
    this.finder = new AnswerFinder(this.stops);
  }

  /**
   * prompt + response is the template's rendering of the whole conversation, EOS added only where the template ends a turn with nothing.
   * Earlier answers are where the template's {% generation %} blocks say, else where AnswerFinder finds them.
   */
  format(row: FormatRow): FormattedRow {
    if (!usesTools(row)) return this.formatMessages(row);
    try {
      return this.formatMessages(row);
    } catch (error) {
      if (this.argumentsAsText || !(error instanceof ProblemError) || error.problems[0]?.id !== 'template/failed') throw error;
      this.argumentsAsText = true;
      return this.formatMessages(row);
    }
  }

  private formatMessages(row: FormatRow): FormattedRow {
    const system = systemOf(row);
    const before: ChatMessage[] = [...(system === undefined ? [] : [{ role: 'system', content: system }]), ...turnsOf(row).map(turn => this.message(turn))];
    const renderOptions = this.renderOptions(row);
    const render: Render = (messages, addGenerationPrompt) => this.template.render(messages, { ...renderOptions, addGenerationPrompt });
    const answer = (text: string | undefined, calls: ToolCall[] | undefined): Answer => {
      const content = withReasoning(row, text ?? '');
      const message = this.message({ role: 'assistant', content, ...(calls === undefined ? {} : { calls }) });
      return { content, message, full: render([...before, message], false) };
    };
    const [chosen, rejected] = [answer(row.chosen, row.chosenCalls), answer(row.rejected, row.rejectedCalls)];
    const opened = render(before, true);
    const given = row.rejected === undefined ? [chosen.full] : [chosen.full, rejected.full];
    const prompt = given.every(full => full.startsWith(opened)) ? opened : sharedPrompt(opened, given, () => render(before, false));
    if (usesTools(row)) refuseLostTools(row, opened, chosen.full);
    const formatted = { prompt, chosen: this.response(prompt, chosen), rejected: this.response(prompt, rejected) };
    const messages = [...before, chosen.message];
    if (this.template.marksGeneration) return { ...formatted, answers: this.template.renderGenerated(messages, renderOptions).generated };
    if (!before.some(({ role }) => role === 'assistant')) return formatted;
    const { found, missing } = this.finder.find(messages, chosen.full, render, String(renderOptions.enableThinking));
    return withLastAnswer({ ...formatted, answers: found.filter(({ end }) => end <= prompt.length), ...(missing === 0 ? {} : { unplacedAnswers: missing }) });
  }

  private renderOptions(row: FormatRow): { enableThinking: boolean; specialTokens: Record<string, string>; tools?: unknown[]; now?: Date } {
    const { autoDetectThinking = true, enableThinking = true, specialTokens, now } = this.options;
    return {
      enableThinking: autoDetectThinking ? hasThinking(row) : enableThinking, specialTokens,
      ...(row.tools === undefined ? {} : { tools: row.tools }), ...(now ? { now } : {}),
    };
  }

  private message({ role, content, reasoning, calls, name, callId }: Turn): ChatMessage {
    return {
      role, content,
      ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
      ...(calls === undefined ? {} : { tool_calls: calls.map(call => this.call(call)) }),
      ...(name === undefined ? {} : { name }),
      ...(callId === undefined ? {} : { tool_call_id: callId }),
    };
  }

  private call(call: ToolCall): ToolCall {
    if (!this.argumentsAsText || typeof call.function.arguments === 'string') return call;
    return { ...call, function: { ...call.function, arguments: JSON.stringify(call.function.arguments) } };
  }

  private response(prompt: string, { content, full }: Answer): string {
    const text = full.startsWith(prompt) ? full.slice(prompt.length) : '';
    const end = text.trimEnd();
    const isOpen = end.endsWith(content.trimEnd()) && !this.stops.some(stop => end.endsWith(stop));
    return isOpen && this.stopText !== undefined ? text + this.stopText : text;
  }
}

interface Answer { content: string; message: ChatMessage; full: string }

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

/** A template that does not know tools leaves them out without a word; the model would learn to call what it was never shown. */
function refuseLostTools(row: FormatRow, opened: string, full: string): void {
  const tool = (row.tools ?? []).map(toolName).find(name => name !== undefined && !opened.includes(name));
  const calls = [...turnsOf(row).flatMap(turn => turn.calls ?? []), ...(row.chosenCalls ?? [])].map(call => call.function.name);
  const call = calls.find(name => !full.includes(name));
  const lost = tool ?? call;
  if (lost === undefined) return;
  throw problemError('dataset/template-drops-tools', `The model's chat template leaves the ${tool === undefined ? 'call of' : 'tool'} "${lost}" out: it does not know tools.`,
    { fix: { text: 'Choose a model whose chat template knows tools, or remove the row.' } });
}

function hasThinking(row: FormatRow): boolean {
  return hasText(row.reasoning) || [row.prompt, row.chosen, row.rejected, row.system].some(text => text?.includes('<think>') && text.includes('</think>'));
}
