/** What the model tests share: fixtures, temporary folders, Problems as text. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProblemError } from '../../src/shared/problem';
import type { Problem } from '../../src/shared/problem';

export const reference = 'test/fixtures/reference/training';
export const modelFolder = (name: string): string => join(reference, 'models', name);

/** A folder that is gone after the surrounding describe. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'merlina-models-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The one Problem that `act` ends with; anything else fails the test. */
export async function problemOf(act: () => unknown): Promise<Problem> {
  try {
    await act();
  } catch (error) {
    assert.ok(error instanceof ProblemError, `not a Problem: ${error instanceof Error ? error.stack : String(error)}`);
    assert.equal(error.problems.length, 1);
    return error.problems[0]!;
  }
  throw new assert.AssertionError({ message: 'no Problem was raised' });
}

export function largestDifference(a: Float32Array, b: Float32Array): number {
  assert.equal(a.length, b.length);
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);
}
