/** A job's status as people see it, in the editor's own parts and in views alike: its name and its picture. */
import type { RunStatus } from './events';

/** What VS Code's l10n and that of the views have in common. */
export interface Translator {
  t(text: string, ...values: (string | number)[]): string;
}

export function statusName(status: RunStatus, l10n: Translator): string {
  switch (status) {
    case 'queued': return l10n.t('Queued');
    case 'initializing': return l10n.t('Preparing');
    case 'loading_model': return l10n.t('Loading the model');
    case 'loading_dataset': return l10n.t('Loading the dataset');
    case 'training': return l10n.t('Training');
    case 'evaluating': return l10n.t('Evaluating');
    case 'saving': return l10n.t('Saving');
    case 'stopping': return l10n.t('Stopping');
    case 'completed': return l10n.t('Completed');
    case 'failed': return l10n.t('Failed');
    case 'stopped': return l10n.t('Stopped');
    case 'cancelled': return l10n.t('Cancelled');
  }
}

/** A codicon; all that is under way look alike, the name tells them apart. */
export function statusIcon(status: RunStatus): string {
  switch (status) {
    case 'queued': return 'clock';
    case 'completed': return 'pass';
    case 'failed': return 'error';
    case 'stopped': return 'debug-pause';
    case 'cancelled': return 'circle-slash';
    default: return 'sync';
  }
}
