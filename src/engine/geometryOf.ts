/** The size of the training graph: what a micro-batch of these options is laid out as. */
import type { DecoderSpec } from '../shared/decoderSpec';
import { GROUPS, type Geometry, type PromptLayout } from './batch';
import type { Loss } from './losses';

export interface GeometryOptions {
  spec: DecoderSpec;
  /** Most rows a micro-batch will have. */
  batchRows: number;
  /** Longest sequence (prompt + response), tokens. */
  maxLength: number;
  trainOnPrompt?: boolean | null;
  promptLayout?: PromptLayout;
}

/** Bytes of logits that may exist at a time. */
const LOGITS_BYTES = 64 * 2 ** 20;
const FEWEST_TARGETS_A_CHUNK = 64;

export function geometryOf({ needs }: Loss, { spec, batchRows, maxLength, trainOnPrompt, promptLayout }: GeometryOptions): Geometry {
  const targetsAChunk = Math.max(FEWEST_TARGETS_A_CHUNK, Math.floor(LOGITS_BYTES / (4 * spec.vocabSize)));
  const sequences = GROUPS[needs.rows].length;
  return {
    kind: needs.rows,
    rows: batchRows,
    chunks: Math.max(1, Math.ceil((batchRows * sequences * maxLength) / targetsAChunk)),
    targetsAChunk,
    learnPrompt: trainOnPrompt ?? needs.learnPrompt,
    averageLogps: needs.averageLogps,
    promptLayout: promptLayout ?? 'shared',
  };
}
