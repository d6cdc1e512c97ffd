/** Rows of an uploaded file: by its id in the store, or by the path that a run's copy of the recipe was given for it. */
import { problemError } from '../../shared/problem';
import type { RawRow } from '../rows';
import { UploadStore } from '../uploads/uploadStore';
import type { DatasetLoader, OnProblem, RowsContent } from './datasetLoader';

export interface UploadSource {
  dataset_id?: string | null;
  file_path?: string | null;
}

export class UploadedDatasetLoader implements DatasetLoader {
  readonly name: string;

  /** `openFile` reads a file; `field` is the source's key in the recipe. */
  constructor(private readonly source: UploadSource, private readonly openFile: (file: string) => DatasetLoader, private readonly folder: string | undefined, private readonly field = 'dataset.source') {
    this.name = source.dataset_id ?? '';
  }

  async content(): Promise<RowsContent> {
    return { file: await this.file() };
  }

  async *rows(onProblem?: OnProblem): AsyncGenerator<RawRow> {
    yield* this.openFile(await this.file()).rows(onProblem);
  }

  /** Problems: dataset/no-such-upload. */
  async file(): Promise<string> {
    const { dataset_id: id, file_path: path } = this.source, where = { field: `${this.field}.dataset_id` };
    if (path) return path;
    if (this.folder === undefined) throw problemError('dataset/no-such-upload', `The upload "${this.name}" cannot be found: nothing says where uploads are kept.`, { where, fix: { text: 'Name the file itself, with source_type "local_file".' } });
    return (await new UploadStore(this.folder).read(id ?? '', where)).file;
  }
}
