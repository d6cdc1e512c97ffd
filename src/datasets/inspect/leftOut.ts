/** Why rows are left out, and the first problems of each kind. */
import type { LeftOut, RowPlace } from '../../shared/datasetPreview';
import type { Problem } from '../../shared/problem';
import type { Estimate } from './estimate';

/** Problems of each kind that are named; more cannot be read in a list anyway. */
const NAMED = 5;

export class LeftOutTally {
  private readonly reasons = new Map<string, { text: string; rows: number; first: RowPlace }>();
  private readonly named = new Map<string, Problem[]>();
  /** Rows without anything in a column they need. */
  empty = 0;

  /** Problems of one row. With `isLeftOut` the first error, or the length that keeps it out, is the reason. */
  add(place: RowPlace, problems: readonly Problem[], isLeftOut: boolean): void {
    for (const problem of problems) {
      const named = this.named.get(problem.id) ?? [];
      if (named.length === 0) this.named.set(problem.id, named);
      if (named.length < NAMED) named.push(problem);
    }
    if (problems.some(({ id }) => /^dataset\/(?:empty|no)-(?:prompt|chosen|rejected)$/.test(id))) this.empty++;
    const reason = isLeftOut ? problems.find(({ severity, id }) => severity === 'error' || id === 'dataset/row-too-long') : undefined;
    if (!reason) return;
    const known = this.reasons.get(reason.id) ?? { text: reason.text, rows: 0, first: place };
    known.rows++;
    this.reasons.set(reason.id, known);
  }

  list(estimate: Estimate): LeftOut[] {
    return [...this.reasons].map(([problemId, { text, rows, first }]) => ({ problemId, text, rows: estimate(rows), first })).sort((a, b) => b.rows.value - a.rows.value);
  }

  /** Errors first. */
  problems(): Problem[] {
    const all = [...this.named.values()].flat();
    return [...all.filter(({ severity }) => severity === 'error'), ...all.filter(({ severity }) => severity !== 'error')];
  }
}
