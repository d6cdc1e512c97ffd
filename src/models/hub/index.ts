/** Door of models/hub. */
export { downloadModel } from './downloadModel';
export type { DownloadedModel } from './downloadModel';
export { hubCacheDir } from './settings';
export type { DownloadProgress, HubOptions } from './settings';
