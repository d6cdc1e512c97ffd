/** Answers from a model, with or without an adapter. */
export { generate } from './generate';
export type { GenerationOptions } from './generate';
export { IncrementalDecoder } from './incrementalDecoder';
export { DEFAULT_SAMPLING, sample } from './sample';
export type { SamplingOptions } from './sample';
export { InferenceSession } from './session';
export type { SessionOptions } from './session';
export { stopIdsOf } from './stopIds';
