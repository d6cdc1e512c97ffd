/** Who answers each method. Each answer's code is loaded when it is first asked for. */
import type { Handlers } from '../shared/calls';
import type { ServiceContract } from './contract';

export const handlers: Handlers<ServiceContract> = {};
