/** What a row's lengths in tokens cost it, as warnings. */
import type { Problem } from '../shared/problem';
import type { Origin } from './rows';
import type { TokenisedRow } from './trainingRows';

/** Ids: dataset/row-too-long (nothing is left of the row), dataset/prompt-cut, dataset/response-cut. */
export function lengthProblems(row: Pick<TokenisedRow, 'rows' | 'promptCut' | 'responsesCut' | 'promptTokens' | 'tokens'>, origin: Origin, limits: { maxLength: number; maxPromptLength: number }): Problem[] {
  const { maxLength, maxPromptLength } = limits;
  const warning = (id: string, text: string, fix: string): Problem => ({ id, severity: 'warning', text, where: { ...origin }, fix: { text: fix } });
  if (row.rows.length === 0) {
    return [warning('dataset/row-too-long', `The row is left out: its prompt of ${row.promptTokens} tokens leaves no room for a response within max_length ${maxLength}.`, 'Raise max_length, or lower max_prompt_length below it.')];
  }
  return [
    ...(row.promptCut ? [warning('dataset/prompt-cut', `The prompt of ${row.promptTokens} tokens lost its beginning: max_prompt_length is ${maxPromptLength}.`, 'Raise max_prompt_length.')] : []),
    ...(row.responsesCut > 0 ? [warning('dataset/response-cut', `A response lost its end: the row has ${row.tokens} tokens, max_length is ${maxLength}.`, 'Raise max_length.')] : []),
  ];
}
