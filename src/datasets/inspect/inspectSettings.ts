/** How an inspector reads and shows rows: the recipe's keys as plain values, and the model where there is one. */
import type { OpenedTokenizer } from '../../models';
import type { PipelineOptions } from '../pipeline';

export interface InspectSettings extends Pick<PipelineOptions, 'method' | 'seed' | 'maxLength' | 'maxPromptLength' | 'trainOnPrompt' | 'trainOnTurns' | 'evalWanted' | 'now'> {
  dataset: Omit<PipelineOptions['dataset'], 'source' | 'additional_sources'>;
  /** The recipe's batch_size and gradient_accumulation_steps. */
  batchSize: number;
  accumulationSteps: number;
  /** Undefined: no tokens, and no format that needs the model's template. */
  model: OpenedTokenizer | undefined;
}
