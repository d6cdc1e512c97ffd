/** Problems of many rows, gathered: the first few of each kind in full, the others counted. */
import type { Problem } from '../shared/problem';

/** Rows named for each kind of problem; the rest is a number. */
const NAMED = 5;

export class ProblemLog {
  private readonly kinds = new Map<string, { problems: Problem[]; count: number }>();

  add(problem: Problem): void {
    const key = `${problem.severity} ${problem.id}`;
    const kind = this.kinds.get(key) ?? { problems: [], count: 0 };
    this.kinds.set(key, kind);
    kind.count++;
    if (kind.problems.length < NAMED) kind.problems.push(problem);
  }

  hasErrors(): boolean {
    return [...this.kinds.keys()].some(key => key.startsWith('error'));
  }

  /** Errors first; the last named one of a kind says how many more there are. */
  list(): Problem[] {
    const all = [...this.kinds.values()].flatMap(({ problems, count }) => (count <= NAMED ? problems
      : problems.map((problem, i) => (i === NAMED - 1 ? { ...problem, notes: [...(problem.notes ?? []), `and ${count - NAMED} more rows like it`] } : problem))));
    return [...all.filter(({ severity }) => severity === 'error'), ...all.filter(({ severity }) => severity !== 'error')];
  }
}
