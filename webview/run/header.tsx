/** Name, status, progress, and what can be done with the run. */
import { statusIcon, statusName } from '../../src/shared/statusLook';
import { whyNotChat, whyNotResume, whyNotStop } from '../../src/shared/jobActions';
import type { JobSummary, RunSnapshot } from '../../src/shared/follow';
import { Button, Icon, IconButton, ProgressBar } from '../ui/controls';
import { formatCount, formatDuration, formatLoss } from '../ui/format';
import { l10n } from '../ui/l10n';
import { Visible } from '../ui/visible';
import type { Act } from './act';
import { isUnderWay } from './phase';

export function Header({ run: { job, checkpoints }, act }: { run: RunSnapshot; act: Act }) {
  const [noStop, noResume, noChat] = [whyNotStop(job, l10n), whyNotResume(job, l10n), whyNotChat(job, checkpoints.length > 0, l10n)];
  const isActive = isUnderWay(job.status) || job.status === 'queued';
  return (
    <header class="run-head">
      <div class="row spread">
        <h1><Visible text={job.name} /></h1>
        <div class="row">
          {isActive && <Button disabled={noStop !== undefined} title={noStop} onPress={() => act('stop', {})}>{l10n.t('Stop')}</Button>}
          {!isActive && job.status !== 'completed' && (
            <Button appearance="primary" disabled={noResume !== undefined} title={noResume} onPress={() => act('resume', {})}>{l10n.t('Resume')}</Button>
          )}
          <Button appearance={job.status === 'completed' ? 'primary' : 'secondary'} disabled={noChat !== undefined} title={noChat} onPress={() => act('chat', {})}>{l10n.t('Chat')}</Button>
          <IconButton icon="git-compare" label={l10n.t('Compare with other runs')} onPress={() => act('compare', {})} />
          <IconButton icon="output" label={l10n.t('Show the log')} onPress={() => act('showLog', {})} disabled={job.run_dir === null} />
          <IconButton icon="folder-opened" label={l10n.t('Open the run folder')} onPress={() => act('openFolder', {})} disabled={job.run_dir === null} />
        </div>
      </div>
      <p class="row run-status" role="status">
        <Icon name={statusIcon(job.status)} class={`is-${job.status}`} />
        <strong>{statusName(job.status, l10n)}</strong>
        {job.message !== null && <span><Visible text={job.message} /></span>}
      </p>
      {isUnderWay(job.status) && <ProgressBar label={l10n.t('Progress')} value={job.progress > 0 ? job.progress : undefined} />}
      <p class="run-facts muted"><Visible text={factsOf(job).join(' · ')} /></p>
    </header>
  );
}

/** "Step 120 of 400", "epoch 1.5", "loss 1.832", "3 min 20 s left", … as far as they are known. */
function factsOf(job: JobSummary): string[] {
  return [
    job.total_steps !== null && l10n.t('Step {0} of {1}', formatCount(job.current_step ?? 0), formatCount(job.total_steps)),
    job.epoch !== null && l10n.t('epoch {0}', Number(job.epoch.toPrecision(3))),
    job.loss !== null && l10n.t('loss {0}', formatLoss(job.loss)),
    job.tokens_per_second !== null && isUnderWay(job.status) && l10n.t('{0} tokens/s', formatCount(Math.round(job.tokens_per_second))),
    job.seconds_left !== null && l10n.t('≈ {0} left', formatDuration(job.seconds_left)),
    job.training_mode !== null && job.training_mode.toUpperCase(),
    job.base_model,
    job.device,
  ].filter(fact => typeof fact === 'string');
}
