/** Rows of a dataset on the Hugging Face Hub. Its files come into the shared cache one by one, each when its first row is asked for. */
import { openDataset } from '../../models';
import type { HubOptions } from '../../models';
import { ProblemError } from '../../shared/problem';
import type { RawRow } from '../rows';
import type { DatasetLoader, OnProblem, ReadRevision, RowsContent } from './datasetLoader';
import { resolveSplit } from './huggingFace/resolveSplit';
import type { ResolvedSplit } from './huggingFace/resolveSplit';

/** The keys of a source on the hub. */
export interface HubSource {
  repo_id: string;
  revision?: string | null;
  config_name?: string | null;
  split?: string;
  data_dir?: string | null;
  data_files?: readonly string[] | null;
}

export class HuggingFaceLoader implements DatasetLoader {
  readonly name: string;
  private resolved: Promise<ResolvedSplit> | undefined;
  private pinned: ReadRevision | undefined;

  /** `openFile` reads a file that was downloaded; `field` is the source's key in the recipe. A pin of the same id and revision decides the commit. */
  constructor(
    private readonly source: HubSource,
    private readonly openFile: (file: string) => DatasetLoader,
    private readonly options: { hub?: HubOptions; pins?: readonly ReadRevision[] } = {},
    private readonly field = 'dataset.source',
  ) {
    this.name = source.repo_id;
  }

  get readRevision(): ReadRevision | undefined { return this.pinned; }

  /** Which files hold the rows, at which commit; downloads none of them but the card. Throws ProblemError. */
  resolve(): Promise<ResolvedSplit> {
    return this.resolved ??= this.placed(async () => {
      const { repo_id: id, config_name: config = null, split = 'train', data_dir: dataDir = null, data_files: dataFiles = null } = this.source;
      const revision = this.source.revision ?? 'main';
      const pin = this.options.pins?.find(pinned => pinned.id === id && pinned.revision === revision);
      const opened = await openDataset(id, { ...this.options.hub, revision: pin?.commit ?? revision });
      const resolved = await resolveSplit(opened, { config, split, dataDir, dataFiles, field: this.field });
      this.pinned = { id, revision, commit: resolved.repository.commit };
      return resolved;
    });
  }

  /** A commit never changes. */
  async content(): Promise<RowsContent> {
    const { repository, files } = await this.resolve();
    return { fixed: JSON.stringify([this.name, repository.commit, files]) };
  }

  async *rows(onProblem?: OnProblem): AsyncGenerator<RawRow> {
    const { files, notes } = await this.resolve();
    notes.forEach(note => onProblem?.(note));
    for (const file of files) yield* this.openFile(await this.fetch(file)).rows(onProblem);
  }

  /** Path of one of the resolved files on this machine; brings it where it is not here. */
  fetch(file: string): Promise<string> {
    return this.placed(async () => (await this.resolve()).repository.fetch(file));
  }

  /** Throws the Problem of a hub that would refuse the file; transfers nothing. */
  checkAccess(file: string): Promise<void> {
    return this.placed(async () => (await this.resolve()).repository.checkAccess(file));
  }

  /** Problems of the hub know no recipe: they are of the key that names the dataset. */
  private async placed<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      throw new ProblemError(error.problems.map(problem => ({ ...problem, where: { field: `${this.field}.${problem.id === 'dataset/no-such-revision' ? 'revision' : 'repo_id'}`, ...problem.where } })), { cause: error });
    }
  }
}
