/** The embedded engine's door. */
export { PEFT_PREFIX, placeAdapter, placeAllWeights, type AdapterOptions } from './adapter';
export { createGenerator, type Generator, type GeneratorOptions } from './createGenerator';
export { createTrainingEngine, type TrainingEngineOptions } from './createTrainingEngine';
export { eightBitDirections, eightBitLevels } from './eightBit';
export { DEVICES, isDevice, type Device } from './device';
export { findLoss, losses, lossParameters, type Loss } from './losses';
export type { BatchRow, Parameter, ReferenceLogps, StepOptions, StepResult, TrainingEngine } from './trainingEngine';
