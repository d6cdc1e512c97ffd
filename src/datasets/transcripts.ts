/** Conversations written as one text, as in Anthropic's hh-rlhf: "\n\nHuman: … \n\nAssistant: …". */

/** One turn's beginning, at the start of the text or after a blank line. */
const SPEAKER = /(?:^|\n\n)(Human|Assistant):/;

/** Text that begins with a human's turn and lets the assistant speak. */
export function isTranscript(value: unknown): value is string {
  return typeof value === 'string' && /^\s*Human:/.test(value) && /\n\nAssistant:/.test(value);
}

/** Turns as messages, without the blanks around them; a last turn that is open ("\n\nAssistant:") is left out. */
export function readTranscript(text: string): { role: 'user' | 'assistant'; content: string }[] {
  const [, ...parts] = `\n\n${text.trim()}`.split(SPEAKER);
  return Array.from({ length: parts.length / 2 }, (_, i) => ({ role: parts[2 * i] === 'Human' ? 'user' as const : 'assistant' as const, content: parts[2 * i + 1]!.trim() }))
    .filter(({ content }) => content !== '');
}
