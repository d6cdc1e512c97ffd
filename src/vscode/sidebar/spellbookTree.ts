/** The tree of recipes in the workspace. */
import path from 'node:path';
import { EventEmitter, l10n, ThemeIcon, TreeItem, workspace, type Disposable, type Event, type TreeDataProvider, type Uri } from 'vscode';
import { visibleText } from '../../shared/visibleText';
import { RECIPE_SUFFIX, recipesInWorkspace } from '../recipeFiles';

export class SpellbookTree implements TreeDataProvider<Uri> {
  private readonly changed = new EventEmitter<undefined>();
  readonly onDidChangeTreeData: Event<undefined> = this.changed.event;
  private watcher: Disposable | undefined;

  /** Begins to watch when it is first looked at. */
  async getChildren(node?: Uri): Promise<Uri[]> {
    if (node) return [];
    this.watcher ??= this.watch();
    return recipesInWorkspace();
  }

  getTreeItem(uri: Uri): TreeItem {
    const item = new TreeItem(visibleText(path.posix.basename(uri.path, RECIPE_SUFFIX)));
    const folder = path.posix.dirname(workspace.asRelativePath(uri));
    item.id = uri.toString();
    item.resourceUri = uri;
    item.description = folder === '.' ? '' : visibleText(folder);
    item.iconPath = new ThemeIcon('book');
    item.contextValue = 'recipe';
    item.command = { command: 'vscode.open', title: l10n.t('Open'), arguments: [uri] };
    return item;
  }

  dispose(): void {
    this.watcher?.dispose();
    this.changed.dispose();
  }

  private watch(): Disposable {
    const watcher = workspace.createFileSystemWatcher(`**/*${RECIPE_SUFFIX}`, false, true, false);
    const refresh = (): void => this.changed.fire(undefined);
    watcher.onDidCreate(refresh);
    watcher.onDidDelete(refresh);
    return watcher;
  }
}
