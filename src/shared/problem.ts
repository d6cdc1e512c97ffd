/** A Problem: expected bad input, said once for every part (preflight, datasets, recipe, trainer, CLI, server). */

export type Severity = 'error' | 'warning' | 'info';

/** Where a Problem is; every field that is known. `line` and `column` count from 1, `row` from 0 as in the dataset. */
export interface Where {
  file?: string;
  line?: number;
  column?: number | string;
  row?: number;
  /** Dotted key of a recipe ("dataset.source.file_path"), tensor name, or the like. */
  field?: string;
}

/** An act that mends the Problem: said in words, and as a recipe edit where one suffices. */
export interface Fix {
  text: string;
  set?: { key: string; value: unknown };
}

export interface Problem {
  /** Stable, documented, `part/what`: "recipe/unknown-key". */
  id: string;
  severity: Severity;
  /** What happened, with the actual value and the limit. A full sentence. */
  text: string;
  where?: Where;
  fix?: Fix;
  notes?: string[];
}

/** Thrown by functions that cannot go on; carries all Problems found, never an empty list. */
export class ProblemError extends Error {
  constructor(readonly problems: Problem[], options?: ErrorOptions) {
    super(problems.map(renderProblem).join('\n'), options);
    this.name = 'ProblemError';
  }

  /** By name: a test runner that requires while the code imports holds this module twice. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'ProblemError' && 'problems' in value;
  }
}

/** A ProblemError with a single error of that id. */
export function problemError(id: string, text: string, rest: Partial<Omit<Problem, 'id' | 'text'>> = {}, cause?: unknown): ProblemError {
  return new ProblemError([{ id, severity: 'error', text, ...rest }], cause === undefined ? undefined : { cause });
}

/** `train.jsonl, line 812, column "chosen": empty text. Remove the row.` */
export function renderProblem(problem: Problem): string {
  const place = renderWhere(problem.where);
  const fix = problem.fix ? ` ${problem.fix.text}` : '';
  const notes = (problem.notes ?? []).map(note => `\n  ${note}`).join('');
  return `${place === '' ? '' : `${place}: `}${problem.text}${fix}${notes}`;
}

export function renderWhere(where: Where = {}): string {
  const { file, line, row, column, field } = where;
  return [
    file,
    line === undefined ? undefined : `line ${line}`,
    row === undefined ? undefined : `row ${row}`,
    column === undefined ? undefined : `column ${typeof column === 'string' ? `"${column}"` : column}`,
    field === undefined ? undefined : `"${field}"`,
  ].filter(part => part !== undefined).join(', ');
}
