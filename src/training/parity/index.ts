/** The reference cases of training: what `merlina parity` runs for models, runs and GGUF files. */
export { ggufParity } from './ggufParity';
export { modelParity } from './modelParity';
export { runParity } from './runParity';
