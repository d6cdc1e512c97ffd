/** Training: runs, their directories and events, adapters. */
export { readAdapter } from './adapter';
export type { Adapter } from './adapter';
export type { LoraSettings } from './adapterConfig';
export { EventLog, readEvents } from './eventLog';
export type { EventSink, NewEvent } from './eventLog';
export { cacheFolder, mappableTensors } from './mappableTensors';
export { adapterOptionsOf, loraSettingsOf, lossOf, planOf } from './recipePlan';
export { recipeChange } from './recipeDifference';
export { RunDirectory } from './runDirectory';
export { runTrainer } from './runTrainer';
export type { TrainerEnd, TrainerOptions } from './runTrainer';
