/** Room for prompt and response. */
import { problem } from '../check';
import type { PreflightCheck } from '../check';

/** Tokens that a response should find room for.  Source: Merlina src/preflight_checks.py. */
const LEAST_ROOM = 128;

export const lengths: PreflightCheck = {
  id: 'lengths',
  title: 'Lengths',
  check({ max_length: length, max_prompt_length: prompt }, { dataset }) {
    const details = `${length} tokens, prompts up to ${prompt}`;
    const half = Math.max(1, Math.floor(length / 2));
    if (prompt >= length) return { details, problems: [problem('error', 'no-room', 'max_prompt_length', `Prompts of ${prompt} tokens leave no room for a response within max_length ${length}.`, `Set max_prompt_length to ${half}.`, half)] };
    // Rows that were read and fit need no more room than they have.
    const areKnownToFit = dataset.state === 'read' && dataset.cutFraction === 0;
    if (length - prompt >= LEAST_ROOM || areKnownToFit) return { details, problems: [] };
    const text = `${length - prompt} tokens are left for a response after a prompt of ${prompt}.`;
    return { details, problems: [half >= LEAST_ROOM
      ? problem('warning', 'little-room', 'max_prompt_length', text, `Set max_prompt_length to ${half}.`, half)
      : problem('warning', 'little-room', 'max_length', text, `Set max_length to ${prompt + LEAST_ROOM}.`, prompt + LEAST_ROOM)] };
  },
};
