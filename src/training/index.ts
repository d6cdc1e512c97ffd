/** Training: runs, their directories and events, adapters. */
export { EventLog, readEvents } from './eventLog';
export type { EventSink, NewEvent } from './eventLog';
export { adapterOptionsOf, loraSettingsOf, lossOf, planOf } from './recipePlan';
export { recipeChange } from './recipeDifference';
export { RunDirectory } from './runDirectory';
export { runTrainer } from './runTrainer';
export type { TrainerEnd, TrainerOptions } from './runTrainer';
