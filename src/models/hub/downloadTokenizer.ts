/** A model's small texts without its weights, for looking at tokens: into the shared cache, where downloading the model finds them again. */
import { join } from 'node:path';
import { problemError } from '../../shared/problem';
import { fileSize } from './cacheLayout';
import { isNetworkProblem } from './hubFetch';
import { isNeededText } from './neededFiles';
import { HubRepository } from './repository';
import { hubSettings } from './settings';
import type { HubOptions } from './settings';

/** The snapshot's folder. Throws a ProblemError: no such model or revision, gated, no access, no network and nothing in the cache. */
export async function downloadTokenizer(id: string, options: HubOptions = {}): Promise<string> {
  const settings = await hubSettings(options);
  const repository = new HubRepository('model', id, settings, options);
  const cached = async (): Promise<string | undefined> => {
    const commit = await repository.cache.commitOf(settings.revision);
    const folder = commit === undefined ? undefined : repository.cache.snapshot(commit);
    return folder !== undefined && await fileSize(join(folder, 'tokenizer.json')) !== undefined ? folder : undefined;
  };
  if (settings.isOffline) {
    const folder = await cached();
    if (folder !== undefined) return folder;
    throw problemError('models/offline', `The tokenizer of "${id}" (revision "${settings.revision}") is not in the cache ${settings.cacheDir}, and offline mode is on.`,
      { fix: { text: 'Unset HF_HUB_OFFLINE to download it, or name a local folder.' } });
  }
  try {
    const commit = await repository.commit();
    await repository.bring(commit, (await repository.list(commit)).filter(({ name }) => isNeededText(name)));
    // A revision that is known already may have weights here, which the new commit has not.
    if (await repository.cache.commitOf(settings.revision) === undefined) await repository.cache.setRef(settings.revision, commit);
    return repository.cache.snapshot(commit);
  } catch (error) {
    const folder = isNetworkProblem(error) ? await cached() : undefined;
    if (folder !== undefined) return folder;
    throw error;
  }
}
