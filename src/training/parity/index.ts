/** The reference cases that `merlina parity` runs, by kind of fixture. */
export { ggufParity } from './ggufParity';
export { KNOWN_WITHOUT_RUNNER, PARITY_KINDS } from './kinds';
export { modelParity } from './modelParity';
export type { ParityContext, ParityKind } from './parityKind';
export { runParity } from './runParity';
