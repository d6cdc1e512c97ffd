/** What the service can be asked of models that are talked to. */
import { z } from 'zod';
import type { AnswerStats } from '../../inference';
import { method } from '../../shared/calls';
import { answerOptionsSchema } from '../../shared/panels/chat';

const chatModel = z.object({
  /** Folder, GGUF file or hub id; null takes the adapter's base. */
  model: z.string().min(1).nullable(),
  /** PEFT folder. */
  adapter: z.string().min(1).nullable(),
});

export type ChatModelReference = z.infer<typeof chatModel>;

export interface OpenedChatModel {
  /** Tokens, prompt and answer together. */
  maxLength: number;
  /** Without one the model goes on from the text as it is. */
  hasTemplate: boolean;
  /** Of the service's process, with all models that are open in it. */
  memoryBytes: number;
}

/** A step of a download, in words. */
export interface OpeningProgress {
  file: string;
  /** 0–1. */
  fraction: number;
}

export const chatContract = {
  openChatModel: method<OpenedChatModel, OpeningProgress>()(chatModel),
  /** Streams the answer's text. */
  answerChat: method<AnswerStats, string>()(chatModel.extend({
    /** The model as it is without the adapter, over the same weights. */
    isBase: z.boolean(),
    messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })).min(1),
    options: answerOptionsSchema,
  })),
  countTokens: method<number>()(chatModel.extend({ text: z.string() })),
};
