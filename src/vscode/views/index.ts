/** Tells VS Code of all views; their code is loaded when one is shown. */
import type { Host } from '../host';
import { registerDatasetViews } from './datasetViews';

export function registerViews(host: Host): void {
  host.context.subscriptions.push(...registerDatasetViews(host));
}
