/** Backends that this version trains with, for those who may not load the trainer. A test holds it equal to the trainer's own list. */
export const TRAINED_BACKENDS: readonly string[] = ['embedded'];
