/** Tokenised training rows: what datasets make and the engine takes. Ids are used as given; nothing is added or cut later. */

/** sft: one sequence; `labels[i]` is `ids[i]` where the model learns it, -100 elsewhere (not shifted). */
export interface SequenceRow { ids: number[]; labels: number[] }

/** orpo, dpo, ipo, simpo, cpo: one prompt, two responses; chosen and rejected hold the response only. */
export interface PairRow { prompt: number[]; chosen: number[]; rejected: number[] }

/** kto: one response with its judgement; kl_response is the mismatched response for the KL estimate. */
export interface UnpairedRow { prompt: number[]; response: number[]; label: boolean; kl_response?: number[] }

export type TrainingRow = SequenceRow | PairRow | UnpairedRow;
