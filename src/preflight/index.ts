/** Preflight: what can be known of a run before it starts. */
export { vramParity } from './memory';
