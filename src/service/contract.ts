/** What the service can be asked: work that is too heavy for the extension host, or needs the native runtime. One line a method, in the files of methods/. */
import type { Contract } from '../shared/calls';

export const serviceContract = {} satisfies Contract;

export type ServiceContract = typeof serviceContract;
