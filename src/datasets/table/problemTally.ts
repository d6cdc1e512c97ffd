/** Problems of any number of rows: the first of each kind in full, all counted, each once however often its row is read. */
import type { Problem } from '../../shared/problem';
import type { TableProblems } from './table';

/** Problems of each kind that are kept. */
export const PROBLEMS_NAMED = 100;

export class ProblemTally {
  private readonly kinds = new Map<string, Problem[]>();
  private readonly counts: Record<string, number> = {};
  private readonly keys = new Set<string>();
  skippedRows = 0;

  add(problem: Problem): void {
    const key = JSON.stringify([problem.id, problem.where?.row, problem.where?.line, problem.where?.column]);
    // Beyond this many a row that is shown twice may count twice; the statistics then say how it is.
    if (this.keys.has(key)) return;
    if (this.keys.size < 100 * PROBLEMS_NAMED) this.keys.add(key);
    this.counts[problem.id] = (this.counts[problem.id] ?? 0) + 1;
    if (problem.severity === 'error' && problem.where?.row !== undefined) this.skippedRows++;
    const named = this.kinds.get(problem.id) ?? [];
    this.kinds.set(problem.id, named);
    if (named.length < PROBLEMS_NAMED) named.push(problem);
  }

  problems(isComplete: boolean): TableProblems {
    const all = [...this.kinds.values()].flat();
    const list = [...all.filter(({ severity }) => severity === 'error'), ...all.filter(({ severity }) => severity !== 'error')];
    return { list, counts: { ...this.counts }, skippedRows: this.skippedRows, isComplete };
  }
}
