/** Who answers each method: `...lazily(partContract, async () => (await import('./methods/part')).partHandlers)`. */
import type { Handlers } from '../shared/calls';
import type { ServiceContract } from './contract';
import { lazily } from './lazily';
import { datasetContract } from './methods/datasetContract';
import { chatContract } from './methods/chatContract';
import { doctorContract } from './methods/doctorContract';
import { recipeContract } from './methods/recipeContract';

export const handlers: Handlers<ServiceContract> = {
  ...lazily(datasetContract, async () => (await import('./methods/dataset')).datasetHandlers),
  ...lazily(chatContract, async () => (await import('./methods/chat')).chatHandlers),
  ...lazily(doctorContract, async () => (await import('./methods/doctor')).doctorHandlers),
  ...lazily(recipeContract, async () => (await import('./methods/recipe')).recipeHandlers),
};
