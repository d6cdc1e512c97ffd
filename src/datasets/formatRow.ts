/** One row as the text that is tokenised, and what else the tokeniser has to know of it: the same for training and for looking at it. */
import type { Problem } from '../shared/problem';
import { hasText } from './formatters/datasetFormatter';
import type { DatasetFormatter } from './formatters/datasetFormatter';
import type { FormattedRow, TextRow } from './rows';
import type { GivenTexts } from './trainingRows';
import { rowKind } from './validate';

/** Running text stays as it is, whatever the format. Throws ProblemError where the row cannot be put into the format. */
export function formatRow(row: TextRow, formatter: DatasetFormatter, { method, trainOnTurns }: { method: string; trainOnTurns?: 'all' | 'last' }): { text: FormattedRow; problems: Problem[] } {
  if (row.isPlainText) return { text: { prompt: '', chosen: row.chosen, rejected: '' }, problems: [] };
  const text = formatter.format(row);
  const isLost = text.unplacedAnswers !== undefined && trainOnTurns !== 'last' && rowKind(method) === 'sequence';
  return { text, problems: isLost ? [notLearnt(row, text.unplacedAnswers!)] : [] };
}

export function givenTexts(row: TextRow): GivenTexts {
  return { rejected: hasText(row.rejected), ...(row.label === undefined ? {} : { label: row.label }), ...(row.isPlainText ? { isPlainText: true } : {}) };
}

const notLearnt = (row: TextRow, turns: number): Problem => ({
  id: 'dataset/turns-not-learnt', severity: 'warning', text: `${turns} earlier answer(s) of the conversation are not learnt: the chat template does not show where they begin and end.`, where: { ...row.origin },
  fix: { text: 'Choose a named format such as "chatml", or a template with {% generation %} blocks.' },
});
