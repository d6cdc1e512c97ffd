/** Formatted rows as the engine takes them, for each method, and what becomes of each of their tokens. */
import type { TrainingRow } from '../shared/rows';
import type { Tokenizer } from '../models';
import type { DatasetFormatter } from './formatters/datasetFormatter';
import type { FormattedRow } from './rows';
import { stopsOf, tokeniseConversation, tokenisePair, tokeniseResponse, withBos } from './tokenise';
import { truncate } from './truncate';
import type { Stops } from './tokenise';
import type { Truncated } from './truncate';
import type { RowKind } from './validate';

export interface TrainingRowOptions {
  kind: RowKind;
  maxLength: number;
  maxPromptLength: number;
  /** sft: learn the prompt too; orpo: its likelihood term covers the prompt. */
  trainOnPrompt: boolean;
  /** sft: every answer of a conversation is learnt (the default), or only the last. */
  trainOnTurns?: 'all' | 'last';
}

/** Prompt and one response, the tokens that are cut away included. The lists are of one length. */
export interface TokenTrace {
  response: 'chosen' | 'rejected';
  ids: number[];
  /** Tokens before this one are the prompt's. */
  promptTokens: number;
  /** The loss is computed over the token. */
  isTrained: boolean[];
  /** Cut away by max_length or max_prompt_length; never trained. */
  isCut: boolean[];
}

export interface TokenisedRow {
  /** None where nothing of a response fits. */
  rows: TrainingRow[];
  promptCut: boolean;
  responsesCut: number;
  /** Tokens of the prompt, and of the longest prompt + response, before cutting. */
  promptTokens: number;
  tokens: number;
  /** Of each response, before cutting. */
  responseTokens: number[];
  /** One for each response, made when asked for. */
  traces(): TokenTrace[];
}

/** Labels count nothing where they are this (as PyTorch's cross entropy). */
const IGNORED = -100;

/** What a row holds beside its formatted text. `label` and `rejected` say which texts a kto row has. */
export interface GivenTexts {
  rejected: boolean;
  label?: boolean;
  /** Running text, learnt whole and cut into rows of max_length. */
  isPlainText?: boolean;
}

/** A maker for one tokenizer and format. */
export function rowMaker(tokenizer: Tokenizer, { stopText, isWholeText }: Pick<DatasetFormatter, 'stopText' | 'isWholeText'>, options: TrainingRowOptions): (text: FormattedRow, given: GivenTexts) => TokenisedRow {
  const stops = stopsOf(tokenizer, stopText);
  const begun = (prompt: number[]): number[] => (isWholeText ? prompt : withBos(prompt, tokenizer));
  const lengths = { ...options, bosId: tokenizer.addsBos ? tokenizer.bos?.id : undefined };
  const made = (prompt: number[], responses: number[][], rows: (cut: Truncated) => TrainingRow[], isAnswer?: boolean[]): TokenisedRow => {
    const cut = truncate(prompt, responses, lengths);
    return {
      rows: cut.unfit ? [] : rows(cut),
      promptCut: cut.promptGap.to > cut.promptGap.from,
      responsesCut: cut.responsesCut,
      promptTokens: prompt.length,
      tokens: prompt.length + Math.max(...responses.map(response => response.length)),
      responseTokens: responses.map(response => response.length),
      traces: () => responses.map((response, i) => trace(prompt, response, cut, i, options, isAnswer)),
    };
  };
  return (text, given) => {
    if (given.isPlainText) return plainText(text.chosen, tokenizer, stops, options.maxLength);
    if (options.kind === 'pair' || (options.kind === 'unpaired' && given.rejected && given.label === undefined)) {
      const { prompt, chosen, rejected } = tokenisePair(text, tokenizer, stops);
      return made(begun(prompt), [chosen, rejected], cut =>
        (options.kind === 'pair' ? [{ prompt: cut.prompt, chosen: cut.responses[0]!, rejected: cut.responses[1]! }]
          : cut.responses.map((response, i) => ({ prompt: cut.prompt, response, label: i === 0 }))));
    }
    if (options.kind === 'unpaired') {
      const { prompt, response } = tokeniseResponse(text.prompt, text.chosen, tokenizer, stops);
      return made(begun(prompt), [response], cut => [{ prompt: cut.prompt, response: cut.responses[0]!, label: given.label ?? true }]);
    }
    const answers = options.trainOnTurns === 'last' ? undefined : text.answers;
    const { prompt, response, isAnswer } = answers?.length ? tokeniseConversation(text, answers, tokenizer, stops) : { ...tokeniseResponse(text.prompt, text.chosen, tokenizer, stops), isAnswer: undefined };
    return made(begun(prompt), [response], cut => [sequence(cut, options.trainOnPrompt, isAnswer)], isAnswer);
  };
}

/** `isAnswer` is of the tokens of the response; without it all are. */
function sequence({ prompt, responses }: Truncated, trainOnPrompt: boolean, isAnswer?: readonly boolean[]): TrainingRow {
  const response = responses[0]!;
  const learnt = isAnswer && !trainOnPrompt ? response.map((id, at) => (isAnswer[at] ? id : IGNORED)) : response;
  return { ids: [...prompt, ...response], labels: [...(trainOnPrompt ? prompt : prompt.map(() => IGNORED)), ...learnt] };
}

/** All of a text is learnt: what is longer than `maxLength` goes on in further rows, each from the last token before, so that every token but the first is predicted once. */
function plainText(text: string, tokenizer: Tokenizer, stops: Stops, maxLength: number): TokenisedRow {
  const { response } = tokeniseResponse('', text, tokenizer, stops);
  const ids = withBos(response, tokenizer);
  const stride = maxLength - 1;
  const rows = Array.from({ length: Math.ceil((ids.length - 1) / stride) }, (_, i) => ids.slice(i * stride, i * stride + maxLength)).map(part => ({ ids: part, labels: [...part] }));
  const no = ids.map(() => false);
  return { rows, promptCut: false, responsesCut: 0, promptTokens: 0, tokens: ids.length, responseTokens: [ids.length], traces: () => [{ response: 'chosen', ids, promptTokens: 0, isTrained: no.map(() => true), isCut: no }] };
}

function trace(prompt: number[], response: number[], cut: Truncated, which: number, { kind, trainOnPrompt }: TrainingRowOptions, isAnswer?: readonly boolean[]): TokenTrace {
  const { promptGap: { from, to }, responses, unfit } = cut;
  const isCut = [
    ...prompt.map((_, at) => unfit || (at >= from && at < to)),
    ...response.map((_, at) => unfit || at >= responses[which]!.length),
  ];
  const learnsPrompt = trainOnPrompt && kind !== 'unpaired' && which === 0;
  return {
    response: which === 0 ? 'chosen' : 'rejected',
    ids: [...prompt, ...response],
    promptTokens: prompt.length,
    isTrained: isCut.map((gone, at) => !gone && (learnsPrompt || (at >= prompt.length && (isAnswer?.[at - prompt.length] ?? true)))),
    isCut,
  };
}
