/** Checkpoints that are kept, and going on from one of them. */
import type { CheckpointSummary, JobSummary } from '../../src/shared/follow';
import { whyNotResume } from '../../src/shared/jobActions';
import { Button, Icon } from '../ui/controls';
import { formatBytes, formatCount, formatLoss } from '../ui/format';
import { l10n } from '../ui/l10n';
import type { Act } from './act';

export function Checkpoints({ job, checkpoints, act }: { job: JobSummary; checkpoints: readonly CheckpointSummary[]; act: Act }) {
  if (checkpoints.length === 0) return <p class="muted">{l10n.t('No checkpoints yet')}</p>;
  const noResume = whyNotResume(job, l10n);
  const loss = (value: number | null): string => value === null ? '' : formatLoss(value);
  return (
    <div class="table-place" tabIndex={0} role="region" aria-label={l10n.t('Checkpoints')}>
      <table class="values">
        <thead>
          <tr>
            <th scope="col">{l10n.t('Step')}</th><th scope="col" class="number">{l10n.t('Loss')}</th><th scope="col" class="number">{l10n.t('Evaluation loss')}</th>
            <th scope="col" class="number">{l10n.t('Size')}</th><th scope="col"><span class="sr-only">{l10n.t('Actions')}</span></th>
          </tr>
        </thead>
        <tbody>
          {[...checkpoints].reverse().map(({ step, loss: trainLoss, eval_loss, bytes, is_best, path }) => (
            <tr key={step} title={path}>
              <th scope="row">{formatCount(step)} {is_best && <span class="badge"><Icon name="star-full" /> {l10n.t('Best')}</span>}</th>
              <td class="number">{loss(trainLoss)}</td>
              <td class="number">{loss(eval_loss)}</td>
              <td class="number">{formatBytes(bytes)}</td>
              <td>
                <Button
                  disabled={noResume !== undefined} title={noResume ?? l10n.t('Later steps are trained anew')}
                  onPress={() => act('resume', { from: step })}
                >{l10n.t('Resume from step {0}', formatCount(step))}</Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
