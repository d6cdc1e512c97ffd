/** What can be done with a job, and why not: for buttons and commands alike. The job manager has the last word. */
import type { RunStatus } from './events';
import type { Translator } from './statusLook';

/** What of a job decides. */
export interface ActionState {
  status: RunStatus;
  stop_requested: boolean;
  /** Null for history that Merlina's Python wrote. */
  run_dir: string | null;
}

const ENDED: ReadonlySet<RunStatus> = new Set(['completed', 'failed', 'stopped', 'cancelled']);

/** Undefined where it can be stopped. */
export function whyNotStop({ status, stop_requested }: ActionState, l10n: Translator): string | undefined {
  if (ENDED.has(status)) return l10n.t('The run has ended');
  return stop_requested ? l10n.t('The run has been asked to stop') : undefined;
}

/** Undefined where it can go on. */
export function whyNotResume({ status, run_dir }: ActionState, l10n: Translator): string | undefined {
  if (run_dir === null) return l10n.t("The run was one of Merlina's Python");
  if (status === 'completed') return l10n.t('The run is complete');
  return ENDED.has(status) ? undefined : l10n.t('The run has not ended');
}

/** Undefined where there is something to talk to. */
export function whyNotChat({ status }: ActionState, hasCheckpoint: boolean, l10n: Translator): string | undefined {
  return status === 'completed' || hasCheckpoint ? undefined : l10n.t('There is no adapter yet');
}
