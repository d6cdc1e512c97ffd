/** Door of models/hub. */
export { cachedModels } from './cachedModels';
export type { CachedModel } from './cachedModels';
export { openDataset } from './datasetRepository';
export type { DatasetRepository } from './datasetRepository';
export { downloadModel } from './downloadModel';
export type { DownloadedModel } from './downloadModel';
export { askAccount } from './hubAccount';
export type { HubAccount } from './hubAccount';
export { isHubProblem, isNetworkProblem } from './hubFetch';
export { inspectModel } from './inspectModel';
export type { InspectedModel } from './inspectModel';
export { hubCacheDir, hubSettings, withoutCredentials } from './settings';
export type { DownloadProgress, HubOptions } from './settings';
