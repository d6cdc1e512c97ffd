/** Rows within the lengths of the recipe: prompts lose their beginning, responses their end. */

export interface Lengths {
  /** Tokens of prompt and response together. */
  maxLength: number;
  maxPromptLength: number;
  /** Kept in front of a shortened prompt. */
  bosId: number | undefined;
}

export interface Truncated {
  prompt: number[];
  responses: number[][];
  /** Tokens [from, to) of the prompt are cut away; from = to where it is whole. */
  promptGap: { from: number; to: number };
  /** How many of the responses lost their end. */
  responsesCut: number;
  /** Nothing of some response fits beside the prompt: the row cannot be trained on. */
  unfit: boolean;
}

/** `responses` are the one or two answers to one prompt. */
export function truncate(prompt: number[], responses: number[][], { maxLength, maxPromptLength, bosId }: Lengths): Truncated {
  const excess = Math.max(0, prompt.length - maxPromptLength);
  const keepsBos = excess > 0 && bosId !== undefined && prompt[0] === bosId && maxPromptLength > 1;
  const promptGap = keepsBos ? { from: 1, to: 1 + excess } : { from: 0, to: excess };
  const kept = excess === 0 ? prompt : [...prompt.slice(0, promptGap.from), ...prompt.slice(promptGap.to)];
  const room = maxLength - kept.length;
  return {
    prompt: kept,
    responses: responses.map(response => response.slice(0, Math.max(0, room))),
    promptGap,
    responsesCut: responses.filter(response => response.length > room).length,
    unfit: room <= 0,
  };
}
