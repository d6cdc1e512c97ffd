/** Merlina: Chat with Model. A run's result or checkpoint, or any model; base and tuned answer side by side. */
import { jobAtHand } from '../pickJob';
import { isModelItem } from '../models/modelItems';
import type { Command } from './command';

export const chat: Command = {
  id: 'merlina.chat',
  /** `subject`: a job, or a model of the sidebar; asked for where neither. `step`: a checkpoint of the job. */
  async run(host, subject, step) {
    const [{ openChat }, { subjectOfJob, subjectOfModel }, { pickChatSubject }] = await Promise.all([import('../views/chatView'), import('../chat/chatSubject'), import('../chat/pickChatSubject')]);
    const jobId = isModelItem(subject) ? undefined : jobAtHand(subject);
    const chosen = isModelItem(subject) ? subjectOfModel(host, subject)
      : jobId !== undefined ? await subjectOfJob(host, jobId, typeof step === 'number' ? step : undefined)
        : await pickChatSubject(host);
    if (chosen) openChat(host, chosen);
  },
};
