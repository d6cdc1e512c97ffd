/** Adapters as PEFT keeps them. */
export { encodeAdapterConfig, parseAdapterConfig } from './adapterConfig';
export type { LoraSettings } from './adapterConfig';
export { ADAPTER_CONFIG, ADAPTER_WEIGHTS, readAdapter } from './readAdapter';
export type { Adapter } from './readAdapter';
