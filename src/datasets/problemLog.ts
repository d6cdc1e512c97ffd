/** Problems of many rows, gathered: the first few of each kind in full, the others counted. */
import type { Problem } from '../shared/problem';

/** Rows named for each kind of problem; the rest is a number. */
const NAMED = 5;

export class ProblemLog {
  private readonly kinds = new Map<string, { problems: Problem[]; count: number }>();

  /** `skipsBadRows`: what is wrong with one row is a warning, since the others go on without it. */
  constructor(private readonly skipsBadRows = false) {}

  readonly add = (problem: Problem): void => {
    const noted: Problem = this.skipsBadRows && problem.severity === 'error' && problem.where?.row !== undefined
      ? { ...problem, severity: 'warning', notes: [...(problem.notes ?? []), 'The row is left out.'] } : problem;
    const key = `${noted.severity} ${noted.id}`;
    const kind = this.kinds.get(key) ?? { problems: [], count: 0 };
    this.kinds.set(key, kind);
    kind.count++;
    if (kind.problems.length < NAMED) kind.problems.push(noted);
  };

  hasErrors(): boolean {
    return [...this.kinds.keys()].some(key => key.startsWith('error'));
  }

  /** How often each kind of problem was met, by its id. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { problems: [first], count } of this.kinds.values()) counts[first!.id] = (counts[first!.id] ?? 0) + count;
    return counts;
  }

  /** Errors first; the last named one of a kind says how many more there are. */
  list(): Problem[] {
    const all = [...this.kinds.values()].flatMap(({ problems, count }) => (count <= NAMED ? problems
      : problems.map((problem, i) => (i === NAMED - 1 ? { ...problem, notes: [...(problem.notes ?? []), `and ${count - NAMED} more rows like it`] } : problem))));
    return [...all.filter(({ severity }) => severity === 'error'), ...all.filter(({ severity }) => severity !== 'error')];
  }
}
