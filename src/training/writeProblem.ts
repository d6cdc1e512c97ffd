/** The Problem behind a failed write. */
import path from 'node:path';
import { problemError } from '../shared/problem';
import type { ProblemError } from '../shared/problem';

/** Codes of a full disk or an exhausted quota. */
const FULL = new Set(['ENOSPC', 'EDQUOT']);

/** `what` begins the sentence ("The checkpoint of step 40"); `kept` says what is still there. Bugs (no error code) pass through. */
export function writeProblem(error: unknown, what: string, file: string, kept: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === undefined) return error;
  if (FULL.has(code)) {
    return problemError('training/disk-full', `${what} could not be written: the disk is full (${code}). ${kept}`, {
      where: { file },
      fix: { text: `Free space on the disk of ${path.dirname(file)}, then resume the run.` },
    }, error) satisfies ProblemError;
  }
  return problemError('training/write-failed', `${what} could not be written (${code}). ${kept}`, {
    where: { file },
    fix: { text: 'Check that the folder exists and may be written to, then resume the run.' },
  }, error);
}
