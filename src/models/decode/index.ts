/** Door of models/decode. */
export { decodeTensor } from './decodeTensor';
export { decodeToScratch } from './decodeToScratch';
export { eightBitToScratch } from './eightBitToScratch';
export { packToScratch } from './packToScratch';
export type { ScratchOptions } from './scratchFile';
export { blockTolerance, ggufBlockParity } from './ggufBlockParity';
export type { BlockFixture, BlockParity } from './ggufBlockParity';
export { needsDecoding, readTensor, undoPermutation } from './readTensor';
export { cacheFolder, eightBitTensors, mappableTensors, packedTensors } from './mappableTensors';
