/** Mistral: [INST] around what the user says, </s> after each answer. The BOS is the tokenizer's to add. */
import type { FormatRow, FormattedRow } from '../rows';
import { plainTurns, systemOf, withLastAnswer, writeTurns } from './datasetFormatter';
import type { DatasetFormatter } from './datasetFormatter';

export class MistralFormatter implements DatasetFormatter {
  readonly name = 'mistral';
  /** Merlina ends responses bare, so its models never learn to stop. */
  readonly stopText = '</s>';

  /** The system message stands before the first thing that the user says. */
  format(row: FormatRow): FormattedRow {
    const system = systemOf(row);
    const turns = plainTurns(row, this.name);
    const first = turns.findIndex(({ role }) => role === 'user');
    const opened = turns.map((turn, at) => (at === first && system !== undefined ? { ...turn, content: `${system}\n\n${turn.content}` } : turn));
    return withLastAnswer({
      ...writeTurns(opened, ({ role, content }) => (role === 'user' ? { before: `[INST] ${content} [/INST] `, text: '', after: '' } : { before: '', text: `${content}</s>`, after: '' }), ''),
      chosen: `${row.chosen ?? ''}</s>`,
      rejected: `${row.rejected ?? ''}</s>`,
    });
  }
}
