/** Answers from a model, with or without an adapter. */
export { generate } from './generate';
export type { GenerationEnd, GenerationOptions } from './generate';
export { IncrementalDecoder } from './incrementalDecoder';
export { sample } from './sample';
export { InferenceSession } from './session';
export type { SessionOptions } from './session';
export { stopIdsOf } from './stopIds';
