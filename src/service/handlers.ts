/** Who answers each method: `...lazily(partContract, async () => (await import('./methods/part')).partHandlers)`. */
import type { Handlers } from '../shared/calls';
import type { ServiceContract } from './contract';

export const handlers: Handlers<ServiceContract> = {};
