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
  promptCut: boolean;
  /** How many of the responses lost their end. */
  responsesCut: number;
  /** Nothing of some response fits beside the prompt: the row cannot be trained on. */
  unfit: boolean;
}

/** `responses` are the one or two answers to one prompt. */
export function truncate(prompt: number[], responses: number[][], { maxLength, maxPromptLength, bosId }: Lengths): Truncated {
  const promptCut = prompt.length > maxPromptLength;
  const kept = promptCut ? keepEnd(prompt, maxPromptLength, bosId) : prompt;
  const room = maxLength - kept.length;
  return {
    prompt: kept,
    responses: responses.map(response => response.slice(0, Math.max(0, room))),
    promptCut,
    responsesCut: responses.filter(response => response.length > room).length,
    unfit: room <= 0,
  };
}

function keepEnd(prompt: number[], length: number, bosId: number | undefined): number[] {
  if (bosId === undefined || prompt[0] !== bosId || length < 2) return prompt.slice(-length);
  return [bosId, ...prompt.slice(-(length - 1))];
}
