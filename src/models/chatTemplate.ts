/** Renders a model's chat template as transformers 5.23's apply_chat_template(tokenize=False) does. */
import { Environment } from '@huggingface/jinja';
import { problemError } from '../shared/problem';
import { dictOf } from './template/filters';
import { cutMarks, GENERATION_MARKS, withMarks } from './template/generationMarks';
import type { TextRange } from './template/generationMarks';
import { PythonInterpreter } from './template/pythonInterpreter';
import { stripRight, strip } from './template/pythonText';
import { functionValue, nullValue, pythonStr, textValue, toValue } from './template/runtimeValues';
import { strftime } from './template/strftime';
import { parseTemplate } from './template/templateTree';
import type { Program } from './template/templateTree';

/** One message; further keys (tool_calls, reasoning_content, …) reach the template as they are. */
export interface ChatMessage {
  role: string;
  content?: unknown;
  [key: string]: unknown;
}

export interface RenderOptions {
  tools?: unknown[];
  addGenerationPrompt?: boolean;
  /** Leave the last message open: the rendering ends with its content. */
  continueFinalMessage?: boolean;
  /** Given to the template only where set, as `enable_thinking`. */
  enableThinking?: boolean;
  /** bos_token, eos_token, …: an absent one is undefined in the template, not null. */
  specialTokens?: Record<string, string>;
  /** The clock of strftime_now; local time. */
  now?: Date;
  /** Any other variables ("date_string"); they win over special tokens of the same name. */
  variables?: Record<string, unknown>;
}

/** What the template itself refused, by raise_exception. */
export class TemplateRefusal extends Error {
  override name = 'TemplateRefusal';
}

/** The names a message's reasoning goes by; the first is the one most templates read. */
const REASONING_KEYS = ['reasoning_content', 'thinking', 'reasoning'];
const CONTINUE_MARK = 'CONTINUE_FINAL_MESSAGE_TAG ';

/** A template, parsed once. */
export class ChatTemplate {
  private readonly program: Program;
  private marked: Program | undefined;

  /** Problem "template/syntax" where the text is no template. */
  constructor(readonly source: string) {
    try {
      this.program = parseTemplate(source);
    } catch (cause) {
      throw problemError('template/syntax', `The chat template cannot be read: ${message(cause)}.`,
        { fix: { text: 'Correct chat_template.jinja, or choose another format than "tokenizer".' } }, cause);
    }
  }

  /** Problems: template/empty (no messages), template/refused (raise_exception), template/failed (any other failure). */
  render(messages: ChatMessage[], options: RenderOptions = {}): string {
    if (messages.length === 0) {
      throw problemError('template/empty', 'Cannot apply chat template to an empty conversation. Provide at least one message.');
    }
    const chat = messages.map(prepare);
    if (!options.continueFinalMessage) return this.run(chat, options);
    return this.renderOpen(chat, options);
  }

  /** Whether the template itself says what the assistant writes, by {% generation %}. */
  get marksGeneration(): boolean {
    return withMarks(this.source) !== this.source;
  }

  /** The text, and the ranges of it between {% generation %} and {% endgeneration %} (transformers' return_assistant_tokens_mask). Problems as of `render`. */
  renderGenerated(messages: ChatMessage[], options: Omit<RenderOptions, 'continueFinalMessage'> = {}): { text: string; generated: TextRange[] } {
    this.marked ??= parseTemplate(withMarks(this.source));
    const variables = { ...options.variables, ...GENERATION_MARKS };
    return cutMarks(this.run(messages.map(prepare), { ...options, variables }, this.marked));
  }

  /** As transformers: a mark after the last content, and the rendering cut there. */
  private renderOpen(chat: ChatMessage[], options: RenderOptions): string {
    const last = chat[chat.length - 1]!;
    if (options.addGenerationPrompt) throw problemError('template/continue', 'A final message can be continued, or a new turn opened, not both.');
    if (typeof last.content !== 'string') throw problemError('template/continue', 'The final message has no text to continue.');
    const text = this.run([...chat.slice(0, -1), { ...last, content: last.content + CONTINUE_MARK }], options);
    const at = text.lastIndexOf(CONTINUE_MARK.trimEnd());
    if (at < 0 || !text.includes(strip(last.content))) {
      throw problemError('template/continue', 'The final message does not appear in the chat after applying the template, so it cannot be continued.');
    }
    return text.startsWith(CONTINUE_MARK, at) ? text.slice(0, at) : stripRight(text.slice(0, at));
  }

  private run(chat: ChatMessage[], options: RenderOptions, program = this.program): string {
    const environment = globals(options.now ?? new Date());
    const variables = {
      messages: chat,
      tools: options.tools ?? null,
      documents: null,
      add_generation_prompt: options.addGenerationPrompt ?? false,
      ...options.specialTokens,
      ...(options.enableThinking === undefined ? {} : { enable_thinking: options.enableThinking }),
      ...options.variables,
    };
    for (const [name, value] of Object.entries(variables)) environment.setVariable(name, toValue(value));
    try {
      return pythonStr(new PythonInterpreter(environment).run(program));
    } catch (cause) {
      if (cause instanceof TemplateRefusal) {
        throw problemError('template/refused', cause.message, { fix: { text: 'The chat template refuses this conversation; change it or leave the row out.' } }, cause);
      }
      throw problemError('template/failed', `The chat template failed: ${message(cause)}.`, { fix: { text: 'Check the row against what the template expects.' } }, cause);
    }
  }
}

/** Parses and renders at once; for many rows keep a ChatTemplate. */
export function renderChat(template: string, messages: ChatMessage[], options: RenderOptions = {}): string {
  return new ChatTemplate(template).render(messages, options);
}

/** Keys with null are dropped; reasoning is given as reasoning_content and thinking, whatever it was called. */
function prepare(chatMessage: ChatMessage): ChatMessage {
  const kept = Object.fromEntries(Object.entries(chatMessage).filter(([, value]) => value !== null && value !== undefined)) as ChatMessage;
  const key = REASONING_KEYS.find(name => kept[name] !== undefined);
  return key === undefined ? kept : { thinking: kept[key], ...kept, reasoning_content: kept[key] };
}

function globals(now: Date): Environment {
  const environment = new Environment();
  for (const [name, value] of [['true', true], ['True', true], ['false', false], ['False', false], ['none', null], ['None', null]] as const) {
    environment.setVariable(name, toValue(value));
  }
  environment.setVariable('range', functionValue(args => toValue(range(args.map(arg => Number(arg.value))))));
  environment.setVariable('dict', functionValue(dictOf));
  environment.setVariable('strftime_now', functionValue(([format]) => textValue(strftime(now, pythonStr(format ?? nullValue())))));
  environment.setVariable('raise_exception', functionValue(([text]) => {
    throw new TemplateRefusal(pythonStr(text ?? nullValue()));
  }));
  return environment;
}

/** Python's range(stop) or range(start, stop, step). */
function range(args: number[]): number[] {
  const [start, stop, step = 1] = args.length === 1 ? [0, args[0]!] : (args as [number, number, number?]);
  if (step === 0) throw new Error('range() arg 3 must not be zero');
  return Array.from({ length: Math.max(0, Math.ceil((stop - start) / step)) }, (_, i) => start + i * step);
}

const message = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
