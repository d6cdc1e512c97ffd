/** What an increment makes of a chat: the same in the host, which keeps the conversation, and in its view. */
import type { Answer, ChatIncrement, ChatState, Side } from './panels/chat';

export function applyChat(state: ChatState, increment: ChatIncrement): ChatState {
  switch (increment.type) {
    case 'patch':
      return { ...state, ...increment.patch };
    case 'text': {
      const { turn, side, text } = increment;
      return withAnswer(state, turn, side, answer => ({ ...answer, text: answer.text + text }));
    }
  }
}

/** Nothing changes where there is no such answer. */
export function withAnswer(state: ChatState, turn: number, side: Side, change: (answer: Answer) => Answer): ChatState {
  const turns = state.turns.map((one, index) => {
    const answer = one.answers[side];
    return index === turn && answer ? { ...one, answers: { ...one.answers, [side]: change(answer) } } : one;
  });
  return { ...state, turns };
}
