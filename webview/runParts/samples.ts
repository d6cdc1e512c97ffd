/** Sample answers of a run by step and prompt. Pure. */
import type { SampleRound } from '../../src/shared/follow';

export interface Answers {
  prompt: string;
  /** Undefined where the model was not asked before training. */
  base: string | undefined;
  current: string | undefined;
}

/** Steps at which the model was asked while it was trained, ascending. */
export function sampleSteps(rounds: readonly SampleRound[]): number[] {
  return [...new Set(rounds.filter(({ model }) => model === 'current').map(({ step }) => step))];
}

/** At the newest of the steps that is not beyond `step`. A run that was resumed may have asked twice at a step: the later answers count. */
export function answersAt(rounds: readonly SampleRound[], step: number): Answers[] {
  const base = rounds.find(({ model }) => model === 'base');
  const current = rounds.findLast(round => round.model === 'current' && round.step <= step);
  const answerTo = (round: SampleRound | undefined, prompt: string): string | undefined => round?.samples.find(sample => sample.prompt === prompt)?.text;
  const prompts = new Set([...base?.samples ?? [], ...current?.samples ?? []].map(({ prompt }) => prompt));
  return [...prompts].map(prompt => ({ prompt, base: answerTo(base, prompt), current: answerTo(current, prompt) }));
}
