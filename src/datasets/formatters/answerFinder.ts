/**
 * Where earlier answers stand in the text of a conversation, for templates that do not say so themselves. The conversation is rendered once more with
 * a sentinel for each thing that users and tools say; what lies between two sentinels is the assistant's turn as it stands in the text:
 *
 *     <user>§0</s><assistant>Hi</s><user>§1</s><assistant>…     between §0 and §1:  </s><assistant>Hi</s><user>
 *                                                               without what opens the turn, up to its last stop:  Hi</s>
 */
import type { ChatMessage, TextRange } from '../../models';

/** What a row is rendered by. */
export type Render = (messages: ChatMessage[], addGenerationPrompt: boolean) => string;

const sentinel = (index: number): string => `\ufdd2${index}\ufdd3`;

export class AnswerFinder {
  /** What opens the assistant's turn, by who spoke before and how the template is set: the same in every row. */
  private readonly openings = new Map<string, string>();

  /** `stops` are the texts that can end a turn. */
  constructor(private readonly stops: readonly string[]) {}

  /** Ranges of the answers before the last message, in order; `missing` counts those that could not be placed. `setting` names what else `render` depends on. */
  find(messages: readonly ChatMessage[], full: string, render: Render, setting: string): { found: TextRange[]; missing: number } {
    const wanted = messages.slice(0, -1).filter(({ role }) => role === 'assistant').length;
    const found = this.gaps(messages, full, render).flatMap(gap => this.answerIn(gap, this.openingAfter(gap.before, render, setting)) ?? []);
    return { found, missing: wanted - found.length };
  }

  /** The text between each two things said by users and tools, where exactly one assistant's turn stands there. None where the two renderings differ in more. */
  private gaps(messages: readonly ChatMessage[], full: string, render: Render): Gap[] {
    const heard = messages.flatMap(({ role, content }, at) => (role === 'user' || role === 'tool') && typeof content === 'string' ? [{ at, content }] : []);
    const marked = render(messages.map((message, at) => {
      const index = heard.findIndex(one => one.at === at);
      return index < 0 ? message : { ...message, content: sentinel(index) };
    }), false);
    const [first = '', ...between] = marked.split(/\ufdd2\d+\ufdd3/);
    if (between.length !== heard.length || !full.startsWith(first)) return [];
    const gaps: Gap[] = [];
    let position = first.length;
    for (const [index, { at, content }] of heard.entries()) {
      const text = between[index]!;
      const isLast = index === heard.length - 1;
      const said = isLast ? full.length - text.length - position : lengthOfSaid(full, position, content, text);
      if (said < 0) return [];
      position += said;
      const next = heard[index + 1]?.at ?? messages.length;
      if (!isLast && next === at + 2 && messages[at + 1]!.role === 'assistant') gaps.push({ text, start: position, before: messages.slice(0, at + 1) });
      position += text.length;
    }
    return position === full.length && full.endsWith(between.at(-1) ?? '') ? gaps : [];
  }

  /** The gap without the header that opens the assistant's turn, up to its last stop. */
  private answerIn({ text, start }: Gap, opening: string): TextRange | undefined {
    const think = opening.indexOf('<think>');
    const shared = commonPrefix(opening, text);
    if (shared.length < (think < 0 ? opening.length : think)) return undefined;
    const from = think < 0 || shared.length === opening.length ? shared.length : think;
    const to = Math.max(...this.stops.map(stop => {
      const at = text.lastIndexOf(stop);
      return at < from ? -1 : at + stop.length;
    }));
    return to < 0 ? undefined : { start: start + from, end: start + to };
  }

  /** What follows the last thing said where the assistant is to speak: "</s><assistant>". */
  private openingAfter(before: readonly ChatMessage[], render: Render, setting: string): string {
    const last = before.at(-1)!;
    const key = `${last.role} ${setting}`;
    const known = this.openings.get(key) ?? render([...before.slice(0, -1), { ...last, content: sentinel(0) }], true).split(sentinel(0))[1] ?? '';
    this.openings.set(key, known);
    return known;
  }
}

export function commonPrefix(a: string, b: string): string {
  let end = 0;
  while (end < a.length && a[end] === b[end]) end++;
  return a.slice(0, end);
}

interface Gap {
  text: string;
  /** Where it begins in the whole text. */
  start: number;
  /** Messages before the assistant's. */
  before: ChatMessage[];
}

/** Templates write what was said as it is, or without the blanks around it; of anything else the next text tells the end. */
function lengthOfSaid(full: string, position: number, content: string, next: string): number {
  const asIs = [content, content.trim()].find(text => full.startsWith(text + next, position));
  return asIs === undefined ? full.indexOf(next, position) - position : asIs.length;
}
