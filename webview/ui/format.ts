/** Numbers as people read them, the same in every view. */
import { boot } from './host';

export { formatBytes, formatDuration, formatLearningRate, formatLoss } from '../../src/shared/format';

/** "12,345", in the writing of VS Code's language. */
export function formatCount(count: number): string {
  return count.toLocaleString(boot.language);
}

/** "14:03:07" of an ISO time, in the reader's own zone. */
export function formatClock(time: string): string {
  return new Date(time).toLocaleTimeString(boot.language, { hour12: false });
}
