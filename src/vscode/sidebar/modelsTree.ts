/** The tree of models, by where they come from. */
import { EventEmitter, ThemeIcon, TreeItem, TreeItemCollapsibleState, type Event, type TreeDataProvider } from 'vscode';
import { visibleText } from '../../shared/visibleText';
import type { Host } from '../host';
import { modelGroups, type ModelGroup, type ModelItem, type ModelKind } from '../models/modelItems';

export type ModelNode = ModelGroup | ModelItem;

const ICONS: Record<ModelKind, string> = { apprentice: 'sparkle', adapter: 'layers', merged: 'package', gguf: 'file-binary', hub: 'cloud-download' };

export class ModelsTree implements TreeDataProvider<ModelNode> {
  private readonly changed = new EventEmitter<undefined>();
  readonly onDidChangeTreeData: Event<undefined> = this.changed.event;

  constructor(private readonly host: Host) {}

  refresh(): void {
    this.changed.fire(undefined);
  }

  async getChildren(node?: ModelNode): Promise<ModelNode[]> {
    if (node) return 'models' in node ? node.models : [];
    return modelGroups(this.host);
  }

  getTreeItem(node: ModelNode): TreeItem {
    return 'models' in node ? groupItem(node) : modelItem(node);
  }

  dispose(): void {
    this.changed.dispose();
  }
}

function groupItem({ label }: ModelGroup): TreeItem {
  const item = new TreeItem(label, TreeItemCollapsibleState.Expanded);
  item.id = label;
  item.contextValue = 'models';
  return item;
}

function modelItem({ kind, name, detail, path }: ModelItem): TreeItem {
  const item = new TreeItem(visibleText(name));
  item.id = path;
  item.description = visibleText(detail);
  item.tooltip = visibleText(path);
  item.iconPath = new ThemeIcon(ICONS[kind]);
  item.contextValue = `model ${kind}`;
  return item;
}
