/** Answers from a model, with or without an adapter. */
export { answerChat } from './answerChat';
export type { AnswerStats } from './answerChat';
export { ChatModels } from './chatModels';
export type { ChatModelId } from './chatModels';
export { generate } from './generate';
export type { GenerationEnd, GenerationOptions } from './generate';
export { IncrementalDecoder } from './incrementalDecoder';
export { sample } from './sample';
export { InferenceSession } from './session';
export type { SessionOptions } from './session';
export { stopIdsOf } from './stopIds';
