/** The seam of preflight checks: pure over recipe and environment. */
import type { Recipe } from '../recipe';
import type { Problem, Severity } from '../shared/problem';
import type { Environment } from './environment';

export interface CheckResult {
  readonly problems: readonly Problem[];
  /** One line: what was looked at, with its numbers. */
  readonly details: string;
}

export interface PreflightCheck {
  /** Stable: the key under `checks`. */
  readonly id: string;
  readonly title: string;
  check(recipe: Recipe, environment: Environment): CheckResult;
}

/** A Problem at a key of the recipe; `value` makes its fix a recipe edit. */
export function problem(severity: Severity, id: string, field: string, text: string, fix: string, value?: unknown, key = field): Problem {
  return { id: `preflight/${id}`, severity, text, where: { field }, fix: { text: fix, ...(value !== undefined && { set: { key, value } }) } };
}

/** "2.1 GB"; GB = 1024³ bytes, MB where that says more. */
export function size(bytes: number): string {
  return bytes < 2 ** 30 ? `${Math.ceil(bytes / 2 ** 20)} MB` : `${(bytes / 2 ** 30).toFixed(1)} GB`;
}
