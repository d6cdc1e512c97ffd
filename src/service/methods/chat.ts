/** Answers what is asked of models that are talked to. */
import { answerChat, ChatModels } from '../../inference';
import type { Handlers } from '../../shared/calls';
import type { ChatModelReference, chatContract } from './chatContract';

const models = new ChatModels();

/** Which model, as the room of inference names it. */
function idOf({ model, adapter }: ChatModelReference) {
  return { model: model ?? undefined, adapter: adapter ?? undefined };
}

export const chatHandlers: Handlers<typeof chatContract> = {
  openChatModel: (reference, { signal, progress }) => models.use(idOf(reference), false, async session => ({
    maxLength: session.maxLength, hasTemplate: session.hasTemplate, memoryBytes: process.memoryUsage.rss(),
  }), { signal, onProgress: ({ file, doneBytes, totalBytes }) => progress({ file, fraction: totalBytes === 0 ? 0 : doneBytes / totalBytes }) }),

  answerChat: ({ isBase, messages, options, ...reference }, { signal, progress }) =>
    models.use(idOf(reference), isBase, session => answerChat(session, messages, { ...options, signal }, progress)),

  countTokens: ({ text, ...reference }) => models.use(idOf(reference), false, async session => session.tokenizer.encode(text).length),
};
