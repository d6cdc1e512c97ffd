/** Door of models/hub. */
export { openDataset } from './datasetRepository';
export type { DatasetRepository } from './datasetRepository';
export { downloadModel } from './downloadModel';
export type { DownloadedModel } from './downloadModel';
export { isHubProblem, isNetworkProblem } from './hubFetch';
export { hubCacheDir } from './settings';
export type { DownloadProgress, HubOptions } from './settings';
