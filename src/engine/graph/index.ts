/** Values, nodes and ONNX: the ground the ops stand on. */
export * from './dims';
export * from './eightBit';
export * from './elementwise';
export * from './encode';
export * from './graph';
export * from './layout';
export * from './loop';
export * from './matmul';
export * from './nf4';
export * from './reduce';
