/** Door of models/gguf. */
export { openGguf } from './openGguf';
export { readGguf } from './readGguf';
export type { GgufFile, GgufTensor, GgufValue } from './readGguf';
