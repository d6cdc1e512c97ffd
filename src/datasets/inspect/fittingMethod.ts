/** The method to begin with, by what the columns hold. */
import type { SourcePreview } from '../../shared/datasetPreview';

/** Pairs are for preferences (orpo needs no second model), labels for kto, one answer for sft. */
export function fittingMethod({ columns }: Pick<SourcePreview, 'columns'>): 'orpo' | 'kto' | 'sft' {
  const has = (role: string): boolean => columns.some(column => column.role === role);
  if (has('rejected')) return 'orpo';
  return has('label') ? 'kto' : 'sft';
}
