/** Asks for one of the models that the sidebar lists. */
import { l10n, QuickPickItemKind, window, type QuickPickItem } from 'vscode';
import type { Host } from '../host';
import { modelGroups, type ModelItem } from './modelItems';

type Item = QuickPickItem & { model?: ModelItem };

/** Undefined where the user turned back. */
export async function pickModelItem(host: Host, filter: (item: ModelItem) => boolean = () => true): Promise<ModelItem | undefined> {
  return (await window.showQuickPick(modelChoices(host, filter), { placeHolder: l10n.t('Model'), matchOnDescription: true }))?.model;
}

/** All models under the names of where they come from. */
export async function modelChoices(host: Host, filter: (item: ModelItem) => boolean = () => true): Promise<Item[]> {
  return (await modelGroups(host)).flatMap(({ label, models }): Item[] => [
    { label, kind: QuickPickItemKind.Separator },
    ...models.filter(filter).map(model => ({ label: model.name, description: model.detail, model })),
  ]);
}
