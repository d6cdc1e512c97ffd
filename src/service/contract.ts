/** What the service can be asked: work that is too heavy for the extension host, or needs the native runtime. Each part has its own contract in methods/. */
import type { Contract } from '../shared/calls';
import { datasetContract } from './methods/datasetContract';
import { chatContract } from './methods/chatContract';
import { doctorContract } from './methods/doctorContract';
import { recipeContract } from './methods/recipeContract';

export const serviceContract = { ...datasetContract, ...chatContract, ...doctorContract, ...recipeContract } satisfies Contract;

export type ServiceContract = typeof serviceContract;
