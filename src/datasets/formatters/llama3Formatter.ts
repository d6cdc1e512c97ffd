/** Llama 3: turns under role headers, each closed by <|eot_id|>; the text begins with the BOS. */
import type { FormatRow, FormattedRow } from '../rows';
import { plainTurns, systemOf, withLastAnswer, writeTurns } from './datasetFormatter';
import type { DatasetFormatter } from './datasetFormatter';

const header = (role: string): string => `<|start_header_id|>${role}<|end_header_id|>\n\n`;

export class Llama3Formatter implements DatasetFormatter {
  readonly name = 'llama3';
  readonly stopText = '<|eot_id|>';

  format(row: FormatRow): FormattedRow {
    const system = systemOf(row);
    const start = `<|begin_of_text|>${system === undefined ? '' : `${header('system')}${system}<|eot_id|>`}`;
    return withLastAnswer({
      ...writeTurns(plainTurns(row, this.name), ({ role, content }) => ({ before: header(role), text: `${content}<|eot_id|>`, after: '' }), header('assistant'), start),
      chosen: `${row.chosen ?? ''}<|eot_id|>`,
      rejected: `${row.rejected ?? ''}<|eot_id|>`,
    });
  }
}
