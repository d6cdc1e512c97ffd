/** ChatML: turns between <|im_start|>role and <|im_end|>. */
import type { FormatRow, FormattedRow } from '../rows';
import { plainTurns, systemOf, withLastAnswer, writeTurns } from './datasetFormatter';
import type { DatasetFormatter } from './datasetFormatter';

const header = (role: string): string => `<|im_start|>${role}\n`;

export class ChatMLFormatter implements DatasetFormatter {
  readonly name: string = 'chatml';
  readonly stopText = '<|im_end|>';

  format(row: FormatRow): FormattedRow {
    const system = systemOf(row);
    const start = system === undefined ? '' : `${header('system')}${system}<|im_end|>\n`;
    return withLastAnswer({
      ...writeTurns(plainTurns(row, this.name), ({ role, content }) => ({ before: header(role), text: `${content}<|im_end|>`, after: '\n' }), this.opening(row), start),
      chosen: `${this.answer(row, row.chosen)}<|im_end|>\n`,
      rejected: `${this.answer(row, row.rejected)}<|im_end|>\n`,
    });
  }

  protected opening(_row: FormatRow): string {
    return header('assistant');
  }

  protected answer(_row: FormatRow, text = ''): string {
    return text;
  }
}
