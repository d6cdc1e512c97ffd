/** Door of models/decode. */
export { decodeTensor } from './decodeTensor';
export { decodeToScratch } from './decodeToScratch';
export { packToScratch } from './packToScratch';
export type { ScratchOptions } from './scratchFile';
export { blockTolerance, ggufBlockParity } from './ggufBlockParity';
export type { BlockFixture, BlockParity } from './ggufBlockParity';
export { needsDecoding, readTensor, undoPermutation } from './readTensor';
export { cacheFolder, mappableTensors, packedTensors } from './mappableTensors';
