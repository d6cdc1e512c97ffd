/** Versions that decide what a run computes; recorded with each start. */
import { version as merlina } from '../../package.json';

export function versions(): Record<string, string> {
  return { merlina, node: process.versions.node };
}
