/** What is said to be equal about rows, as short hashes, so that a set of millions of rows fits in memory. */
import { createHash } from 'node:crypto';
import type { TextRow } from './rows';

/** 128 bits of SHA-256. Keys are JSON lists, so that no text can pass for a separator. */
export function hashKey(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
}

/** Rows with one key must be on one side of a split: the same prompt, or the same part of a running text. */
export function promptKey(row: TextRow, part = 0): string {
  return hashKey(row.isPlainText ? [row.chosen, part] : [row.history, row.prompt, row.steps]);
}
