/** Mistral: [INST] around what the user says, </s> after each answer. The BOS is the tokenizer's to add. */
import type { FormatRow, FormattedRow } from '../rows';
import { systemOf, turnsOf } from './datasetFormatter';
import type { DatasetFormatter } from './datasetFormatter';

export class MistralFormatter implements DatasetFormatter {
  readonly name = 'mistral';
  /** Merlina ends responses bare, so its models never learn to stop. */
  readonly stopText = '</s>';

  format(row: FormatRow): FormattedRow {
    const system = systemOf(row);
    const [first, ...rest] = turnsOf(row);
    const opening = first?.role === 'user' ? [{ ...first, content: `${system === undefined ? '' : `${system}\n\n`}${first.content}` }] : first ? [first] : [];
    return {
      prompt: [...opening, ...rest].map(({ role, content }) => (role === 'user' ? `[INST] ${content} [/INST] ` : `${content}</s>`)).join(''),
      chosen: `${row.chosen ?? ''}</s>`,
      rejected: `${row.rejected ?? ''}</s>`,
    };
  }
}
