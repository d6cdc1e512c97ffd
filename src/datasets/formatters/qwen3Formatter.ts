/** ChatML with Qwen 3's think blocks. */
import type { FormatRow, FormattedRow } from '../rows';
import { ChatMLFormatter } from './chatMLFormatter';
import { hasText, withReasoning } from './datasetFormatter';

export class Qwen3Formatter extends ChatMLFormatter {
  override readonly name = 'qwen3';

  constructor(private readonly enableThinking = true) {
    super();
  }

  /** Thinking off puts an empty, closed block into the prompt; a row that holds reasoning goes without it, or it would think twice. */
  override format(row: FormatRow): FormattedRow {
    const { prompt, ...responses } = super.format({
      ...row, chosen: withReasoning(row, row.chosen ?? ''), rejected: withReasoning(row, row.rejected ?? ''),
    });
    const noThinking = !this.enableThinking && !hasText(row.reasoning);
    return { prompt: noThinking ? `${prompt}<think>\n\n</think>\n\n` : prompt, ...responses };
  }
}
