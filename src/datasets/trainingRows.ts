/** Formatted rows as the engine takes them, for each method. */
import type { TrainingRow } from '../shared/rows';
import type { Tokenizer } from '../models';
import type { FormattedRow } from './rows';
import { stopsOf, tokenisePair, tokeniseResponse, withBos } from './tokenise';
import { truncate } from './truncate';
import type { Truncated } from './truncate';
import type { RowKind } from './validate';

export interface TrainingRowOptions {
  kind: RowKind;
  maxLength: number;
  maxPromptLength: number;
  /** sft: learn the prompt too. */
  trainOnPrompt: boolean;
}

export interface MadeRows {
  /** None where nothing of a response fits. */
  rows: TrainingRow[];
  promptCut: boolean;
  responsesCut: number;
  /** Tokens of the prompt, and of the longest prompt + response, before cutting. */
  promptTokens: number;
  tokens: number;
}

/** Labels count nothing where they are this (as PyTorch's cross entropy). */
const IGNORED = -100;

/** A maker for one tokenizer and format. `label` and `rejected` say which texts a kto row has. */
export function rowMaker(tokenizer: Tokenizer, stopText: string | undefined, options: TrainingRowOptions): (text: FormattedRow, given: { rejected: boolean; label?: boolean }) => MadeRows {
  const stops = stopsOf(tokenizer, stopText);
  const lengths = { ...options, bosId: tokenizer.addsBos ? tokenizer.bos?.id : undefined };
  return (text, given) => {
    if (options.kind === 'pair' || (options.kind === 'unpaired' && given.rejected && given.label === undefined)) {
      const { prompt, chosen, rejected } = tokenisePair(text, tokenizer, stops);
      return made(prompt, [chosen, rejected], truncate(prompt, [chosen, rejected], lengths), cut =>
        (options.kind === 'pair' ? [{ prompt: cut.prompt, chosen: cut.responses[0]!, rejected: cut.responses[1]! }]
          : cut.responses.map((response, i) => ({ prompt: cut.prompt, response, label: i === 0 }))));
    }
    const { prompt: bare, response } = tokeniseResponse(text.prompt, text.chosen, tokenizer, stops);
    const prompt = withBos(bare, tokenizer);
    return made(prompt, [response], truncate(prompt, [response], lengths), cut =>
      [options.kind === 'unpaired' ? { prompt: cut.prompt, response: cut.responses[0]!, label: given.label ?? true } : sequence(cut, options.trainOnPrompt)]);
  };
}

function made(prompt: number[], responses: number[][], cut: Truncated, rows: (cut: Truncated) => TrainingRow[]): MadeRows {
  return {
    rows: cut.unfit ? [] : rows(cut),
    promptCut: cut.promptCut,
    responsesCut: cut.responsesCut,
    promptTokens: prompt.length,
    tokens: prompt.length + Math.max(...responses.map(response => response.length)),
  };
}

function sequence({ prompt, responses }: Truncated, trainOnPrompt: boolean): TrainingRow {
  const response = responses[0]!;
  return { ids: [...prompt, ...response], labels: [...(trainOnPrompt ? prompt : prompt.map(() => IGNORED)), ...response] };
}
