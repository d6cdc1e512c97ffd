/** Gradients as more graph. */
export { defineOp, type Example, type ExampleInput, type Op } from './op';
export { Tape } from './tape';
