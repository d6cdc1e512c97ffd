/** The dataset preview: a read-only editor of dataset files, and the same view for datasets of the hub. */
import path from 'node:path';
import { commands, l10n, Range, RelativePattern, Uri, window, workspace, type WebviewPanel } from 'vscode';
import { isAbort, problemsOf, type Handlers } from '../../shared/calls';
import { datasetMethods, type DatasetMethods, type DatasetState, type PreviewSettings } from '../../shared/panels/dataset';
import { problemError } from '../../shared/problem';
import type { DatasetReference, OpenedDataset } from '../../service/methods/datasetContract';
import type { Host } from '../host';
import { pickModel } from '../pickModel';
import { attachView, type View } from './attachView';

/** What is previewed. */
export type Subject = { file: string } | { repo_id: string };

/** Kept for each dataset in the workspace's storage. What is not set fits what is found. */
type KeptSettings = Omit<PreviewSettings, 'method'> & { method: string | null };

/** As a recipe has them when it says nothing. */
const FIRST_SETTINGS: KeptSettings = { method: null, format: 'chatml', model: null, maxLength: 2048, maxPromptLength: 1024, mapping: {} };

export function showDataset(host: Host, panel: WebviewPanel, subject: Subject): void {
  const preview = new DatasetPreview(host, subject);
  const view: View<never> = attachView(panel, changed => panel.onDidChangeViewState(changed), {
    name: 'dataset', extension: host.context.extensionUri, log: host.log, subject, contract: datasetMethods,
    handlers: preview.handlers(() => view.refresh()), snapshot: () => preview.state(),
  });
  // Painted at once with what is known; then again with what was found.
  const reopen = (): void => void preview.open().then(() => view.refresh());
  reopen();
  if ('file' in subject) {
    const watcher = workspace.createFileSystemWatcher(new RelativePattern(Uri.file(path.dirname(subject.file)), path.basename(subject.file)));
    watcher.onDidChange(reopen);
    watcher.onDidCreate(reopen);
    panel.onDidDispose(() => {
      watcher.dispose();
    });
  }
}

/** One dataset as it is shown: its settings, and what the service said of it. */
class DatasetPreview {
  private settings: KeptSettings;
  private opened: OpenedDataset | undefined;
  private problems: DatasetState['problems'] = [];
  private opening: AbortController | undefined;
  private times = 0;

  constructor(private readonly host: Host, private readonly subject: Subject) {
    this.settings = { ...FIRST_SETTINGS, ...host.context.workspaceState.get<KeptSettings>(this.key) };
  }

  /** Reads what the settings now mean. Never fails: what went wrong is shown. */
  async open(): Promise<void> {
    this.opening?.abort();
    const { signal } = (this.opening = new AbortController());
    try {
      this.opened = await this.host.service.call('openDataset', this.reference(), { signal });
      this.problems = this.opened.problems;
      this.times++;
    } catch (error) {
      if (isAbort(error)) return;
      this.opened = undefined;
      this.problems = problemsOf(error);
    }
  }

  state(): DatasetState {
    const { opened, settings } = this;
    return {
      title: 'file' in this.subject ? path.basename(this.subject.file) : this.subject.repo_id,
      opened: this.times,
      ...(opened && { source: opened.source }),
      problems: this.problems,
      settings: { ...settings, method: opened?.method ?? settings.method ?? '' },
      methods: opened?.methods ?? [],
      formats: opened?.formats ?? [],
      canTrain: workspace.isTrusted,
    };
  }

  handlers(refresh: () => Promise<void>): Handlers<DatasetMethods> {
    const change = async (settings: Partial<KeptSettings>): Promise<null> => {
      this.settings = { ...this.settings, ...settings };
      await this.host.context.workspaceState.update(this.key, this.settings);
      await this.open();
      await refresh();
      return null;
    };
    return {
      page: (params, { signal }) => this.host.service.call('datasetPage', { dataset: this.reference(), ...params }, { signal }),
      statistics: (_params, { signal, progress }) => this.host.service.call('datasetStatistics', { dataset: this.reference() }, { signal, onProgress: progress }),
      find: (params, { signal }) => this.host.service.call('findRow', { dataset: this.reference(), ...params }, { signal }),
      configure: ({ map, ...settings }) => change({ ...settings, ...(map && { mapping: mapped(this.settings.mapping, map) }) }),
      chooseModel: async () => {
        const model = await pickModel(this.host);
        // The model's own template is what it will be trained with.
        return model === undefined ? null : change({ model, format: 'tokenizer' });
      },
      openText: async ({ file, line, column }) => {
        await openTextAt(file, line, column);
        return null;
      },
      train: async () => {
        await commands.executeCommand('merlina.trainWithDataset', 'file' in this.subject ? Uri.file(this.subject.file) : this.subject.repo_id);
        return null;
      },
    };
  }

  private get key(): string {
    return `preview:${'file' in this.subject ? this.subject.file : this.subject.repo_id}`;
  }

  private reference(): DatasetReference {
    const { subject, settings } = this;
    const source = 'file' in subject ? { source_type: 'local_file', file_path: subject.file } : { source_type: 'huggingface', repo_id: subject.repo_id };
    return { source, baseDir: 'file' in subject ? path.dirname(subject.file) : '', ...settings };
  }
}

function mapped(mapping: Record<string, string>, { column, role }: { column: string; role: string | null }): Record<string, string> {
  const { [column]: _old, ...others } = mapping;
  return role === null ? others : { ...others, [column]: role };
}

async function openTextAt(file: string, line = 1, column = 1): Promise<void> {
  try {
    const place = new Range(line - 1, column - 1, line - 1, column - 1);
    await window.showTextDocument(Uri.file(file), { selection: place, preview: true });
  } catch {
    throw problemError('dataset/not-text', l10n.t('{0} cannot be shown as text.', path.basename(file)), { where: { file } });
  }
}
