/** Preflight: what can be known of a run before it starts. */
export { assess, withTime } from './assess';
export type { PreflightCheck } from './check';
export { CHECKS } from './checks';
export { gatherEnvironment } from './environment';
export type { Environment, GatherOptions } from './environment';
export { memorySavings, recipeMemory, vramParity } from './memory';
export type { MemoryEstimate, Saving } from './memory';
export { PreflightValidator, problemsBeforeRun } from './preflightValidator';
export type { CheckStatus, PreflightReport } from './preflightValidator';
export { estimateTime } from './time/recipeTime';
