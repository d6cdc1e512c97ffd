/** Backends by their recipe name. One place to add. */
import { embedded } from './embedded';
import type { TrainerBackend } from './backend';

export const BACKENDS: readonly TrainerBackend[] = [embedded];

export type { BackendEnd, BackendRun, TrainerBackend } from './backend';
