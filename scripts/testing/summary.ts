/** What a group's run comes to, and the lines at the end of `npm test`. */

/** One test, as scripts/testing/reporter.cjs and test/suite write it. */
export interface TestResult {
  title: string;
  error?: string;
  isSkipped?: boolean;
}

export interface GroupOutcome {
  name: string;
  passed: number;
  failed: string[];
  /** By name, with what would be needed. */
  skipped: string[];
}

/** A command that is one test: types, check, build. */
export function outcomeOfCommand(name: string, exitCode: number | null): GroupOutcome {
  return outcomeOfTests(name, exitCode, exitCode === 0 ? [{ title: '' }] : []);
}

/** A command that reports its tests; `results` is undefined where it ended before it could. */
export function outcomeOfTests(name: string, exitCode: number | null, results: readonly TestResult[] | undefined): GroupOutcome {
  if (!results) return { name, passed: 0, failed: [`${name}: ended with ${exitCode ?? 'a signal'} before it reported`], skipped: [] };
  const failed = results.filter(({ error }) => error !== undefined).map(({ title }) => `${name}: ${title}`);
  const skipped = results.filter(({ isSkipped }) => isSkipped).map(({ title }) => `${name}: ${title}`);
  // All tests passed and yet it failed: something outside a test did.
  if (exitCode !== 0 && failed.length === 0) failed.push(`${name}: ended with ${exitCode ?? 'a signal'}`);
  return { name, passed: results.filter(({ error, isSkipped }) => error === undefined && !isSkipped).length, failed, skipped };
}

export function skippedOutcome(name: string, missing: readonly string[]): GroupOutcome {
  return { name, passed: 0, failed: [], skipped: [`${name}: needs ${missing.join(' and ')}`] };
}

/** The last line is exactly `N passed, N failed, N skipped`. */
export function renderSummary(outcomes: readonly GroupOutcome[]): string {
  const failed = outcomes.flatMap(outcome => outcome.failed);
  const skipped = outcomes.flatMap(outcome => outcome.skipped);
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  return [
    ...skipped.map(text => `skipped  ${text}`),
    ...failed.map(text => `FAILED   ${text}`),
    `${passed} passed, ${failed.length} failed, ${skipped.length} skipped`,
  ].join('\n');
}
