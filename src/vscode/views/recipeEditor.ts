/** The recipe wizard: a custom editor whose document is the recipe's text. Every change of the form is an edit of that text, and every edit shows in the form. */
import path from 'node:path';
import { commands, Range, Uri, ViewColumn, window, workspace, WorkspaceEdit, type TextDocument, type WebviewPanel } from 'vscode';
import { isAbort, problemsOf, type Handlers } from '../../shared/calls';
import { recipeMethods, type RecipeDocument, type RecipeIncrement, type RecipeMethods, type RecipeState } from '../../shared/panels/recipe';
import { problemError } from '../../shared/problem';
import type { RecipeAssessment } from '../../shared/recipeAssessment';
import { assessRecipe, castRecipe } from '../castRecipe';
import type { Host } from '../host';
import { uploadedFile, Uploads } from '../uploads';
import { previewFile, previewHubDataset } from './datasetViews';
import { attachView, type View } from './attachView';
import { browse, datasetFiles, lookAt, modelChoices, nameOfDropped, sourceOf } from './recipeSources';

/** The recipe is looked at when typing has paused for so long. */
const ASSESS_PAUSE_MS = 250;

export function showRecipe(host: Host, panel: WebviewPanel, document: TextDocument): void {
  new RecipeForm(host, panel, document);
}

class RecipeForm {
  private readonly view: View<RecipeIncrement>;
  private assessment: RecipeAssessment | undefined;
  private assessing: AbortController | undefined;
  private pause: NodeJS.Timeout | undefined;
  /** Edits are made one after another, each on the text that the one before left. */
  private edited: Promise<unknown> = Promise.resolve();
  private readonly uploads: Uploads;

  constructor(private readonly host: Host, private readonly panel: WebviewPanel, private readonly document: TextDocument) {
    this.uploads = new Uploads(host);
    this.view = attachView(panel, changed => panel.onDidChangeViewState(changed), {
      name: 'recipe', extension: host.context.extensionUri, log: host.log, subject: document.uri.toString(),
      contract: recipeMethods, handlers: this.handlers(), snapshot: () => this.state(),
    });
    const subscriptions = [
      workspace.onDidChangeTextDocument(({ document: changed, contentChanges }) => {
        if (contentChanges.length > 0 && changed.uri.toString() === document.uri.toString()) void this.changed();
      }),
      workspace.onDidGrantWorkspaceTrust(() => {
        void this.view.refresh();
        this.assessSoon();
      }),
      panel.onDidChangeViewState(() => { if (panel.visible) this.assessSoon(); }),
    ];
    panel.onDidDispose(() => {
      this.stopAssessing();
      this.uploads.dispose();
      for (const subscription of subscriptions) subscription.dispose();
    });
    this.assessSoon();
  }

  private async state(): Promise<RecipeState> {
    const { presets, recipeFields } = await import('../../recipe');
    return {
      ...(await this.read()),
      title: path.basename(this.document.uri.fsPath),
      fields: recipeFields.filter(({ group }) => group !== 'unused'),
      presets: Object.values(presets),
      isTrusted: workspace.isTrusted,
      ...(this.assessment && { assessment: this.assessment }),
      isAssessing: this.assessing !== undefined,
    };
  }

  private async read(): Promise<RecipeDocument> {
    const [{ readRecipe }, { parse }] = await Promise.all([import('../../recipe'), import('jsonc-parser')]);
    const text = this.document.getText();
    const { draft, problems } = readRecipe(text, this.document.uri.fsPath);
    const isBroken = problems.some(({ id }) => ['recipe/not-json', 'recipe/not-an-object'].includes(id) || id.startsWith('share-code/'));
    const json: unknown = isBroken ? null : parse(text, undefined, { allowTrailingComma: true });
    const written = typeof json === 'object' && json !== null ? json as RecipeDocument['written'] : null;
    return { version: this.document.version, written, effective: draft ?? null, problems };
  }

  private async changed(): Promise<void> {
    this.assessSoon();
    this.view.send({ document: await this.read() });
  }

  private handlers(): Handlers<RecipeMethods> {
    const { host, document } = this;
    return {
      edit: async ({ changes }) => {
        const turn = this.edited.then(() => this.edit(changes));
        this.edited = turn.catch(() => {});
        await turn;
        return document.version;
      },
      showText: async ({ key }) => {
        await showText(document, key);
        return null;
      },
      openFile: async ({ file, line = 1 }) => {
        const place = new Range(line - 1, 0, line - 1, 0);
        if (file === document.uri.fsPath) await showText(document, undefined, place);
        else await window.showTextDocument(Uri.file(file), { selection: place, viewColumn: ViewColumn.Beside });
        return null;
      },
      localModels: async () => this.ifTrusted([], () => modelChoices(host, document.uri)),
      searchModels: async ({ query }, { signal }) => host.service.call('searchModels', { query }, { signal }),
      browseModel: ({ kind }) => browse(document.uri, kind),
      localDatasets: async () => datasetFiles(document.uri),
      browseDataset: () => browse(document.uri, 'dataset'),
      droppedDataset: ({ uri }) => nameOfDropped(document.uri, uri),
      uploadPart: part => this.uploads.receive(part),
      look: async (_params, { signal }) => this.ifTrusted(null, async () => lookAt(host, document.uri, (await this.read()).effective, signal)),
      previewDataset: async () => {
        const source = sourceOf((await this.read()).effective);
        if (source?.source_type === 'huggingface' && typeof source.repo_id === 'string') await previewHubDataset(host, source.repo_id);
        else if (source?.source_type === 'upload' && typeof source.dataset_id === 'string') await previewFile(Uri.file(await uploadedFile(host, source.dataset_id)));
        else if (typeof source?.file_path === 'string') await previewFile(Uri.file(path.resolve(path.dirname(document.uri.fsPath), source.file_path)));
        return null;
      },
      cast: () => castRecipe(host, document),
      manageTrust: async () => {
        await commands.executeCommand('workbench.trust.manage');
        return null;
      },
    };
  }

  private async edit(changes: { key: string; value?: unknown }[]): Promise<void> {
    const { editRecipeText, isRecipeKey, textChange } = await import('../../recipe');
    const unknown = changes.find(({ key }) => !isRecipeKey(key));
    if (unknown) throw problemError('recipe/unknown-key', `A recipe has no key "${unknown.key}".`);
    const { document } = this;
    if ((await this.read()).written === null) throw problemError('recipe/not-json', 'The file is not valid JSON, so the form cannot change it.');
    const text = document.getText();
    const change = textChange(text, editRecipeText(text, changes));
    if (!change) return;
    const edit = new WorkspaceEdit();
    edit.replace(document.uri, new Range(document.positionAt(change.offset), document.positionAt(change.offset + change.length)), change.content);
    if (!(await workspace.applyEdit(edit))) throw problemError('recipe/not-edited', `${path.basename(document.uri.fsPath)} could not be changed.`, { fix: { text: 'Check that the file may be written to.' } });
  }

  /** A later call, or a change, breaks off the earlier one. */
  private assessSoon(): void {
    this.stopAssessing();
    if (!this.panel.visible || !workspace.isTrusted) return;
    this.pause = setTimeout(() => void this.assess(), ASSESS_PAUSE_MS);
  }

  private async assess(): Promise<void> {
    const { document, host } = this;
    const { problems } = await this.read();
    if (problems.some(({ severity }) => severity === 'error')) return;
    const controller = (this.assessing = new AbortController());
    const show = (assessment: RecipeAssessment | undefined, isAssessing: boolean): void => {
      if (this.assessing !== controller) return;
      this.assessment = assessment;
      if (!isAssessing) this.assessing = undefined;
      this.view.send({ ...(assessment && { assessment }), isAssessing });
    };
    this.view.send({ ...(this.assessment && { assessment: this.assessment }), isAssessing: true });
    try {
      show(await assessRecipe(host, document, { signal: controller.signal, onProgress: first => show(first, true) }), false);
    } catch (error) {
      if (isAbort(error)) return;
      host.log.error('recipe', error);
      show({ checks: [], problems: problemsOf(error) }, false);
    }
  }

  private stopAssessing(): void {
    clearTimeout(this.pause);
    this.assessing?.abort();
    this.assessing = undefined;
  }

  private async ifTrusted<T>(otherwise: T, work: () => Promise<T>): Promise<T> {
    return workspace.isTrusted ? work() : otherwise;
  }
}

/** The text editor beside the wizard; at the key, where that is written. */
async function showText(document: TextDocument, key?: string, place?: Range): Promise<void> {
  const { placeOfKey } = await import('../../recipe');
  const found = key === undefined ? undefined : placeOfKey(document.getText(), key);
  const selection = found ? new Range(found.line - 1, found.column - 1, found.line - 1, found.column - 1) : place;
  await window.showTextDocument(document, { viewColumn: ViewColumn.Beside, ...(selection && { selection }) });
}
