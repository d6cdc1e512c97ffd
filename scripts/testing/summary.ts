/** What a group's run comes to, and the lines at the end of `npm test`. */

/** One test, as scripts/testing/reporter.cjs and test/suite write it. */
export interface TestResult {
  title: string;
  error?: string;
  isSkipped?: boolean;
  /** An attempt that failed, and after which the test ran again: its last attempt counts. */
  isRetried?: boolean;
}

export interface GroupOutcome {
  name: string;
  passed: number;
  failed: string[];
  /** By name, with what would be needed. */
  skipped: string[];
  /** Attempts that failed before the one that counts, by name. */
  retried: string[];
}

/** A command that is one test: types, check, build. */
export function outcomeOfCommand(name: string, exitCode: number | null): GroupOutcome {
  return outcomeOfTests(name, exitCode, exitCode === 0 ? [{ title: '' }] : []);
}

/** A command that reports its tests; `results` is undefined where it ended before it could. */
export function outcomeOfTests(name: string, exitCode: number | null, results: readonly TestResult[] | undefined): GroupOutcome {
  if (!results) return { name, passed: 0, failed: [`${name}: ended with ${exitCode ?? 'a signal'} before it reported`], skipped: [], retried: [] };
  const failures = (attempts: readonly TestResult[]): string[] => attempts.flatMap(({ title, error }) => (error === undefined ? [] : [`${name}: ${title}\n${causeOf(error)}`]));
  const retried = failures(results.filter(({ isRetried }) => isRetried));
  const failed = failures(results.filter(({ isRetried }) => !isRetried));
  const skipped = results.filter(({ isSkipped }) => isSkipped).map(({ title }) => `${name}: ${title}`);
  // All tests passed and yet it failed: something outside a test did.
  if (exitCode !== 0 && failed.length === 0) failed.push(`${name}: ended with ${exitCode ?? 'a signal'}`);
  return { name, passed: results.filter(({ error, isSkipped }) => error === undefined && !isSkipped).length, failed, skipped, retried };
}

/** Of an error with its stack: what happened, and where in the test. A log of CI may keep no more than its end. */
function causeOf(error: string): string {
  const lines = error.split('\n');
  const place = lines.find(line => /^\s+at Context\./.test(line));
  return [lines[0]!, ...(place === undefined ? [] : [place.trim()])].map(line => `         ${line}`).join('\n');
}

export function skippedOutcome(name: string, missing: readonly string[]): GroupOutcome {
  return { name, passed: 0, failed: [], skipped: [`${name}: needs ${missing.join(' and ')}`], retried: [] };
}

/** The last line is exactly `N passed, N failed, N skipped`. */
export function renderSummary(outcomes: readonly GroupOutcome[]): string {
  const failed = outcomes.flatMap(outcome => outcome.failed);
  const skipped = outcomes.flatMap(outcome => outcome.skipped);
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  return [
    ...skipped.map(text => `skipped  ${text}`),
    ...outcomes.flatMap(outcome => outcome.retried).map(text => `retried  ${text}`),
    ...failed.map(text => `FAILED   ${text}`),
    `${passed} passed, ${failed.length} failed, ${skipped.length} skipped`,
  ].join('\n');
}
