/** What the service can be asked: work that is too heavy for the extension host, or needs the native runtime. Each part has its own contract in methods/. */
import type { Contract } from '../shared/calls';

export const serviceContract = {} satisfies Contract;

export type ServiceContract = typeof serviceContract;
