/** Host ↔ chat: one question, one or two answers beside one another. */
import { z } from 'zod';
import { method } from '../calls';
import type { Problem } from '../problem';
import { ANSWER_BOUNDS, type AnswerOptions, type Bounds } from '../sampling';

/** `tuned` answers with the adapter (or is the only model); `base` is what it was before. */
export const SIDES = ['base', 'tuned'] as const;
export type Side = (typeof SIDES)[number];

/** Characters of a message or system prompt: more than any context holds. */
const TEXT_LIMIT = 1_000_000;

const bounded = ({ min, max, isInteger }: Bounds) => {
  const number = z.number().min(min).max(max);
  return isInteger ? number.int() : number;
};

export const answerOptionsSchema: z.ZodType<AnswerOptions> = z.object({
  temperature: bounded(ANSWER_BOUNDS.temperature), topP: bounded(ANSWER_BOUNDS.topP), topK: bounded(ANSWER_BOUNDS.topK), minP: bounded(ANSWER_BOUNDS.minP),
  repetitionPenalty: bounded(ANSWER_BOUNDS.repetitionPenalty), maxNewTokens: bounded(ANSWER_BOUNDS.maxNewTokens), seed: bounded(ANSWER_BOUNDS.seed),
});

/** How the next answers are drawn. */
export interface ChatSettings extends Omit<AnswerOptions, 'seed'> {
  /** Null draws another for each message; both sides always have the same. */
  seed: number | null;
  /** Empty: no system message. */
  system: string;
}

const settingsSchema = z.object({
  temperature: bounded(ANSWER_BOUNDS.temperature), topP: bounded(ANSWER_BOUNDS.topP), topK: bounded(ANSWER_BOUNDS.topK), minP: bounded(ANSWER_BOUNDS.minP),
  repetitionPenalty: bounded(ANSWER_BOUNDS.repetitionPenalty), maxNewTokens: bounded(ANSWER_BOUNDS.maxNewTokens), seed: bounded(ANSWER_BOUNDS.seed).nullable(),
  system: z.string().max(TEXT_LIMIT),
});

export interface Answer {
  text: string;
  /** `stopped` by the user, `cut` at the limit of tokens, `failed` with problems. */
  status: 'streaming' | 'done' | 'stopped' | 'cut' | 'failed';
  tokens: number;
  /** Null while it streams, and where one token was all. */
  tokensPerSecond: number | null;
  problems: Problem[];
}

/** A message and what each side answered. */
export interface Turn {
  prompt: string;
  /** Of its answers. */
  seed: number;
  answers: Partial<Record<Side, Answer>>;
}

export interface ChatSide {
  side: Side;
  /** "SmolLM2-135M-Instruct". */
  name: string;
  /** Where it comes from: a path, a run, a checkpoint. */
  detail: string;
}

export type ChatModelState =
  /** `fraction` 0–1 of a download. */
  | { status: 'opening'; file: string | null; fraction: number | null }
  /** `memoryBytes`: of the process that answers. */
  | { status: 'ready'; maxLength: number; hasTemplate: boolean; memoryBytes: number }
  | { status: 'failed'; problems: Problem[] };

export interface ChatState {
  title: string;
  /** One or two. */
  sides: ChatSide[];
  model: ChatModelState;
  settings: ChatSettings;
  turns: Turn[];
  isAnswering: boolean;
  /** The file that pairs were last added to. */
  pairFile: string | null;
  /** Whether to ask for the user's own data below: after the apprentice. */
  invitesData: boolean;
}

export type ChatIncrement =
  | { type: 'text'; turn: number; side: Side; text: string }
  | { type: 'patch'; patch: Partial<ChatState> };

const turn = z.number().int().nonnegative();

export const chatMethods = {
  send: method<null>()(z.object({ prompt: z.string().min(1).max(TEXT_LIMIT) })),
  /** Breaks off the answers that are being made; what came stays. */
  stop: method<null>()(z.object({})),
  /** The last message again, with another seed where none is set. */
  regenerate: method<null>()(z.object({})),
  clear: method<null>()(z.object({})),
  configure: method<null>()(settingsSchema.partial()),
  /** Adds a row to a file of preferences: the answer of `better` is chosen, the other rejected. */
  addPair: method<null>()(z.object({ turn, better: z.enum(SIDES) })),
  openPairs: method<null>()(z.object({})),
  /** Opens the model again after a failure. */
  open: method<null>()(z.object({})),
  chooseModel: method<null>()(z.object({})),
  /** A dropped file, or one that is asked for. */
  openDataset: method<null>()(z.object({ uri: z.string().max(TEXT_LIMIT).optional() })),
};

export type ChatMethods = typeof chatMethods;

const savedAnswer = z.object({
  text: z.string(), status: z.enum(['streaming', 'done', 'stopped', 'cut', 'failed']), tokens: z.number(), tokensPerSecond: z.number().nullable(),
});

/** What the page keeps over a reload; looked at before it is used. */
export const savedChat = z.object({
  settings: settingsSchema,
  turns: z.array(z.object({ prompt: z.string(), seed: z.number(), answers: z.object({ base: savedAnswer.optional(), tuned: savedAnswer.optional() }) })),
  /** What stands in the input. */
  draft: z.string(),
});
export type SavedChat = z.infer<typeof savedChat>;
