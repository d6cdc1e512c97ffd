/** ChatML: turns between <|im_start|>role and <|im_end|>. */
import type { FormatRow, FormattedRow } from '../rows';
import { systemOf, turnsOf } from './datasetFormatter';
import type { DatasetFormatter } from './datasetFormatter';

export class ChatMLFormatter implements DatasetFormatter {
  readonly name: string = 'chatml';
  readonly stopText = '<|im_end|>';

  format(row: FormatRow): FormattedRow {
    const system = systemOf(row);
    const turns = [...(system === undefined ? [] : [{ role: 'system', content: system }]), ...turnsOf(row)];
    return {
      prompt: turns.map(({ role, content }) => `<|im_start|>${role}\n${content}<|im_end|>\n`).join('') + '<|im_start|>assistant\n',
      chosen: `${row.chosen ?? ''}<|im_end|>\n`,
      rejected: `${row.rejected ?? ''}<|im_end|>\n`,
    };
  }
}
