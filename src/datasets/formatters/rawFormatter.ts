/** Texts as they are; system and reasoning are left out. */
import type { FormatRow, FormattedRow } from '../rows';
import { singlePrompt } from './datasetFormatter';
import type { DatasetFormatter } from './datasetFormatter';

export class RawFormatter implements DatasetFormatter {
  readonly name = 'raw';
  readonly stopText = undefined;

  format(row: FormatRow): FormattedRow {
    return { prompt: singlePrompt(row, this.name), chosen: row.chosen ?? '', rejected: row.rejected ?? '' };
  }
}
