/** All checks over one recipe: what blocks, what is worth a word, and what was looked at. */
import type { Recipe } from '../recipe';
import type { Problem } from '../shared/problem';
import type { PreflightCheck } from './check';
import { CHECKS } from './checks';
import type { Environment } from './environment';

export type CheckStatus = 'pass' | 'warn' | 'fail' | 'unknown';

/** Shape of Merlina's answer to POST /validate; its texts are our Problems. */
export interface PreflightReport {
  readonly valid: boolean;
  readonly errors: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly checks: Readonly<Record<string, { readonly status: CheckStatus; readonly title: string; readonly details: string; readonly problems: readonly Problem[] }>>;
}

export class PreflightValidator {
  constructor(private readonly checks: readonly PreflightCheck[] = CHECKS) {}

  validate(recipe: Recipe, environment: Environment): PreflightReport {
    const results = this.checks.map(({ id, title, check }) => {
      const { problems, details } = check(recipe, environment);
      return [id, { status: statusOf(problems, details), title, details, problems }] as const;
    });
    const all = results.flatMap(([, { problems }]) => problems);
    const errors = all.filter(({ severity }) => severity === 'error');
    return { valid: errors.length === 0, errors, warnings: all.filter(({ severity }) => severity === 'warning'), checks: Object.fromEntries(results) };
  }
}

/** Checks whose numbers are estimates: before a run they warn, since only the run itself can tell. */
const ESTIMATES = ['memory', 'disk'];

/** All Problems as they count when a run is about to begin: its errors keep it from working. */
export function problemsBeforeRun({ checks }: Pick<PreflightReport, 'checks'>): Problem[] {
  return Object.entries(checks).flatMap(([id, check]) =>
    check.problems.map((problem): Problem => ESTIMATES.includes(id) && problem.severity === 'error' ? { ...problem, severity: 'warning' } : problem));
}

function statusOf(problems: readonly Problem[], details: string): CheckStatus {
  if (problems.some(({ severity }) => severity === 'error')) return 'fail';
  if (problems.some(({ severity }) => severity === 'warning')) return 'warn';
  return details.startsWith('could not check') || problems.some(({ id }) => id.endsWith('-not-checked')) ? 'unknown' : 'pass';
}
