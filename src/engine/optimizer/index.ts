/** Optimizers, gradient accumulation and clipping. */
export type { AdafactorOptions, Optimizer, OptimizerKind, OptimizerOptions, OptimizerState } from './optimizer';
export { DEFAULT_OPTIMIZER_OPTIONS } from './optimizer';
export { LossScale, type LossScaleState } from './lossScale';
export { findOptimizer, OPTIMIZER_NAMES, OPTIMIZERS } from './names';
export { clipByGlobalNorm, firstNonFinite, globalNorm, GradientAccumulator } from './accumulator';
