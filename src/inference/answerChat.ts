/** One answer of a conversation, streamed and measured. */
import type { ChatMessage } from '../models';
import type { AnswerOptions } from '../shared/sampling';
import type { GenerationEnd } from './generate';
import type { InferenceSession } from './session';
import { Turns } from './turns';

export interface AnswerStats extends GenerationEnd {
  readonly promptTokens: number;
  /** Of drawing, the prompt left out, and without the time that other answers took meanwhile; null where one token was all. */
  readonly tokensPerSecond: number | null;
}

/** Two answers at once take turns token by token, so each forward pass has the machine for itself and the speed shown is the model's. */
const forwardTurns = new Turns();

export async function answerChat(
  session: InferenceSession, messages: readonly ChatMessage[], options: AnswerOptions & { signal?: AbortSignal }, onText: (text: string) => void,
): Promise<AnswerStats> {
  const promptIds = promptIdsOf(session, messages);
  let forwards = 0;
  let drawingMs = 0;
  const forward = <T>(work: () => Promise<T>): Promise<T> => forwardTurns.take(async () => {
    const start = performance.now();
    const result = await work();
    if (forwards++ > 0) drawingMs += performance.now() - start;
    return result;
  });
  const pieces = session.answer(promptIds, { ...options, forward });
  for (;;) {
    const { done, value } = await pieces.next();
    if (done) return { ...value, promptTokens: promptIds.length, tokensPerSecond: forwards > 1 ? ((forwards - 1) / drawingMs) * 1000 : null };
    onText(value);
  }
}

/** A model without a template goes on from the texts as they are. */
function promptIdsOf(session: InferenceSession, messages: readonly ChatMessage[]): number[] {
  if (session.hasTemplate) return session.promptOf([...messages]);
  return session.rawPromptOf(messages.map(({ content }) => String(content)).join('\n\n'));
}
