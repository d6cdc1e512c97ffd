/** Tells VS Code of all views; their code is loaded when one is shown. */
import type { Host } from '../host';
import { registerChatViews } from './chatViews';
import { registerDatasetViews } from './datasetViews';
import { registerRecipeViews } from './recipeViews';
import { registerRunViews } from './runViews';
import { registerSidebar } from './sidebarViews';

export function registerViews(host: Host): void {
  host.context.subscriptions.push(...registerChatViews(host), ...registerDatasetViews(host), ...registerRecipeViews(host), ...registerRunViews(host), ...registerSidebar(host));
}
