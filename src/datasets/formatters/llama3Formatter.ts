/** Llama 3: turns under role headers, each closed by <|eot_id|>; the text begins with the BOS. */
import type { FormatRow, FormattedRow } from '../rows';
import { systemOf, turnsOf } from './datasetFormatter';
import type { DatasetFormatter } from './datasetFormatter';

const header = (role: string): string => `<|start_header_id|>${role}<|end_header_id|>\n\n`;

export class Llama3Formatter implements DatasetFormatter {
  readonly name = 'llama3';
  readonly stopText = '<|eot_id|>';

  format(row: FormatRow): FormattedRow {
    const system = systemOf(row);
    const turns = [...(system === undefined ? [] : [{ role: 'system', content: system }]), ...turnsOf(row)];
    return {
      prompt: '<|begin_of_text|>' + turns.map(({ role, content }) => `${header(role)}${content}<|eot_id|>`).join('') + header('assistant'),
      chosen: `${row.chosen ?? ''}<|eot_id|>`,
      rejected: `${row.rejected ?? ''}<|eot_id|>`,
    };
  }
}
