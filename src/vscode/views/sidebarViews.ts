/** Tells VS Code of the sidebar, and begins to watch runs. */
import type { Disposable } from 'vscode';
import type { Host } from '../host';
import { RunWatch } from '../runWatch';
import { sidebarOf } from '../sidebar/sidebar';

export function registerSidebar(host: Host): Disposable[] {
  sidebarOf(host);
  return [new RunWatch(host)];
}
