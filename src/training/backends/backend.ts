/** The seam between a run directory and whatever trains it. Every backend takes the same recipe and emits the same events. */
import type { Recipe } from '../../recipe';
import type { EventSink } from '../eventLog';
import type { RunDirectory } from '../runDirectory';
import type { StopRequest } from '../stopRequest';

export interface BackendRun {
  readonly run: RunDirectory;
  readonly recipe: Recipe;
  /** Go on from the newest whole checkpoint, where there is one. */
  readonly isResume: boolean;
  /** The checkpoint to go on from; the newest where not given. */
  readonly fromStep?: number | undefined;
  readonly events: EventSink;
  readonly stop: StopRequest;
}

/** How a run ended that did not throw. Events say more. */
export type BackendEnd = 'completed' | 'stopped';

export interface TrainerBackend {
  readonly id: Recipe['backend'];
  /** Throws ProblemError for whatever the user can mend; anything else thrown is a bug. Emits neither `error` nor what it throws. */
  run(options: BackendRun): Promise<BackendEnd>;
}
