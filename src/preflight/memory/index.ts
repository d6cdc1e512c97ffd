/** Memory that a run needs, by the backend that trains it. */
export { GB, memoryEstimate, MEMORY_COMPONENTS } from './memoryEstimate';
export type { MemoryComponent, MemoryEstimate } from './memoryEstimate';
export { merlinaSuggestions } from './merlinaSuggestions';
export { profileOfConfig, profileOfName } from './modelProfile';
export type { ModelProfile } from './modelProfile';
export { TRL_CORRECTIONS, trlMemory } from './trlMemory';
export type { TrlCorrection, TrlSettings } from './trlMemory';
export { vramParity } from './vramParity';
