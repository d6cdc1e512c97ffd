/** A conversation with one or two models: who was asked what, and what they answer. No 'vscode' here. */
import type { AnswerStats } from '../../inference';
import { applyChat, withAnswer } from '../../shared/applyChat';
import { isAbort, problemsOf } from '../../shared/calls';
import type { Answer, ChatIncrement, ChatSettings, ChatState, SavedChat, Side, Turn } from '../../shared/panels/chat';
import { DEFAULT_ANSWER_TOKENS, DEFAULT_SAMPLING, type AnswerOptions } from '../../shared/sampling';

export interface Message {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** Asks one side. Rejects where it cannot answer, and with an AbortError where `signal` says so. */
export type Ask = (side: Side, messages: Message[], options: AnswerOptions, signal: AbortSignal, onText: (text: string) => void) => Promise<Pick<AnswerStats, 'reason' | 'tokens' | 'tokensPerSecond'>>;

/** Few enough digits to be read and typed again. */
const SEEDS = 1_000_000;

export const DEFAULT_SETTINGS: ChatSettings = { ...DEFAULT_SAMPLING, maxNewTokens: DEFAULT_ANSWER_TOKENS, seed: null, system: '' };

export class Conversation {
  state: ChatState;
  private answering: AbortController | undefined;

  /** `tell` hears of every change; `draw` gives a number from 0 to 1 for new seeds. */
  constructor(
    about: Pick<ChatState, 'title' | 'sides' | 'invitesData' | 'pairFile'>, private readonly ask: Ask, private readonly tell: (increment: ChatIncrement) => void,
    saved: Pick<SavedChat, 'settings' | 'turns'> | undefined, private readonly draw: () => number = Math.random,
  ) {
    this.state = {
      ...about, model: { status: 'opening', file: null, fraction: null }, isAnswering: false,
      settings: saved?.settings ?? DEFAULT_SETTINGS, turns: (saved?.turns ?? []).map(restored),
    };
  }

  change(patch: Partial<ChatState>): void {
    this.apply({ type: 'patch', patch });
  }

  configure(settings: Partial<ChatSettings>): void {
    this.change({ settings: { ...this.state.settings, ...settings } });
  }

  /** Waits until all have answered. Ignored while they do. */
  async send(prompt: string): Promise<void> {
    await this.say(this.state.turns, prompt);
  }

  /** The last message again, all sides with the same seed. */
  async regenerate(): Promise<void> {
    const last = this.state.turns.at(-1);
    if (last) await this.say(this.state.turns.slice(0, -1), last.prompt);
  }

  stop(): void {
    this.answering?.abort();
  }

  clear(): void {
    this.stop();
    this.change({ turns: [] });
  }

  private async say(before: Turn[], prompt: string): Promise<void> {
    if (this.answering) return;
    const controller = (this.answering = new AbortController());
    const { settings, sides } = this.state;
    const seed = settings.seed ?? Math.floor(this.draw() * SEEDS);
    const answers = Object.fromEntries(sides.map(({ side }) => [side, EMPTY]));
    this.change({ isAnswering: true, turns: [...before, { prompt, seed, answers }] });
    await Promise.all(sides.map(({ side }) => this.answer(before, prompt, side, { ...settings, seed }, controller.signal)));
    this.answering = undefined;
    this.change({ isAnswering: false });
  }

  private async answer(before: readonly Turn[], prompt: string, side: Side, { system, ...options }: AnswerOptions & { system: string }, signal: AbortSignal): Promise<void> {
    const turn = before.length;
    const finish = (end: Partial<Answer>): void => {
      const { turns } = withAnswer(this.state, turn, side, answer => ({ ...answer, ...end }));
      this.change({ turns });
    };
    try {
      const { reason, tokens, tokensPerSecond } = await this.ask(side, messagesOf(before, prompt, side, system), options, signal, text => {
        if (!signal.aborted) this.apply({ type: 'text', turn, side, text });
      });
      finish({ status: ({ stop: 'done', length: 'cut', aborted: 'stopped' } as const)[reason], tokens, tokensPerSecond });
    } catch (error) {
      finish(isAbort(error) ? { status: 'stopped' } : { status: 'failed', problems: problemsOf(error) });
    }
  }

  private apply(increment: ChatIncrement): void {
    this.state = applyChat(this.state, increment);
    this.tell(increment);
  }
}

const EMPTY: Answer = { text: '', status: 'streaming', tokens: 0, tokensPerSecond: null, problems: [] };

/** What a side is told: its own answers only, and no turn in which it said nothing. */
export function messagesOf(before: readonly Turn[], prompt: string, side: Side, system: string): Message[] {
  const earlier = before.flatMap(({ prompt: asked, answers }): Message[] => {
    const text = answers[side]?.text ?? '';
    return text === '' ? [] : [{ role: 'user', content: asked }, { role: 'assistant', content: text }];
  });
  return [...(system === '' ? [] : [{ role: 'system', content: system } as const]), ...earlier, { role: 'user', content: prompt }];
}

/** An answer that was being made when the window closed was stopped by that. */
function restored({ prompt, seed, answers }: SavedChat['turns'][number]): Turn {
  const mended = Object.entries(answers).map(([side, answer]) => [side, { ...answer, problems: [], status: answer.status === 'streaming' ? 'stopped' : answer.status }]);
  return { prompt, seed, answers: Object.fromEntries(mended) as Turn['answers'] };
}

