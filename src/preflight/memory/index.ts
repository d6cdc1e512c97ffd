/** Memory that a run needs, by the backend that trains it. */
export { dimLengths, embeddedMemory, parameterShapes } from './embeddedMemory';
export type { EmbeddedSettings } from './embeddedMemory';
export { graphMemory } from './graphMemory';
export { GB, memoryEstimate, MEMORY_COMPONENTS } from './memoryEstimate';
export type { MemoryComponent, MemoryEstimate } from './memoryEstimate';
export { merlinaSuggestions } from './merlinaSuggestions';
export { profileOfConfig, profileOfName } from './modelProfile';
export type { ModelProfile } from './modelProfile';
export { adapterOf, checkpointBytes, isEightBit, isPacked, memorySavings, recipeMemory } from './recipeMemory';
export type { MemoryModel, Saving } from './recipeMemory';
export { rowLengths, tokensOf } from './rowLengths';
export type { RowLengths } from './rowLengths';
export { eightBitTable, storedTensors, tensorTable } from './tensorTable';
export type { StoredModel } from './tensorTable';
export { TRL_CORRECTIONS, trlMemory } from './trlMemory';
export type { TrlCorrection, TrlSettings } from './trlMemory';
export { vramParity } from './vramParity';
