/** Door of models/decode. */
export { decodeTensor } from './decodeTensor';
export { decodeToScratch } from './decodeToScratch';
export type { ScratchOptions } from './decodeToScratch';
export { blockTolerance, ggufBlockParity } from './ggufBlockParity';
export type { BlockFixture, BlockParity } from './ggufBlockParity';
export { needsDecoding, readTensor, undoPermutation } from './readTensor';
export { cacheFolder, mappableTensors } from './mappableTensors';
