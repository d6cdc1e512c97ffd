/** ChatML with Qwen 3's think blocks. */
import type { FormatRow } from '../rows';
import { ChatMLFormatter } from './chatMLFormatter';
import { hasText, withReasoning } from './datasetFormatter';

export class Qwen3Formatter extends ChatMLFormatter {
  override readonly name = 'qwen3';

  constructor(private readonly enableThinking = true) {
    super();
  }

  /** Thinking off puts an empty, closed block into the prompt; a row that holds reasoning goes without it, or it would think twice. */
  protected override opening(row: FormatRow): string {
    return super.opening(row) + (this.enableThinking || hasText(row.reasoning) ? '' : '<think>\n\n</think>\n\n');
  }

  protected override answer(row: FormatRow, text = ''): string {
    return withReasoning(row, text);
  }
}
