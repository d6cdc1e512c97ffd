/** Door of models/safetensors. */
export { maxHeaderBytes, parseSafetensorsHeader, readSafetensorsHeader } from './header';
export type { SafetensorsEntry, SafetensorsHeader } from './header';
export { readSafetensors, tensorInfoOf } from './read';
export type { SafetensorsFile } from './read';
export { encodeSafetensors, streamSafetensors, writeSafetensors } from './write';
export type { TensorToWrite } from './write';
