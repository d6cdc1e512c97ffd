/** The runs that are compared, with their colours and how they stand. */
import type { RunSnapshot } from '../../src/shared/follow';
import { statusName } from '../../src/shared/statusLook';
import { runColor, runDash, Swatch, usePalette } from '../charts';
import { Button, IconButton } from '../ui/controls';
import { formatCount, formatLoss } from '../ui/format';
import { l10n } from '../ui/l10n';
import { Visible } from '../ui/visible';

export function RunList({ runs, names, onOpen, onRemove }: {
  runs: readonly RunSnapshot[]; names: readonly string[]; onOpen: (jobId: string) => void; onRemove: (jobId: string) => void;
}) {
  return (
    <ul class="run-list">
      {runs.map(({ job }, i) => (
        <li key={job.job_id} class="row">
          <RunName name={names[i]!} index={i} />
          <span class="muted">
            {[
              statusName(job.status, l10n),
              job.current_step !== null && l10n.t('step {0}', formatCount(job.current_step)),
              job.loss !== null && l10n.t('loss {0}', formatLoss(job.loss)),
            ].filter(text => text !== false).join(' · ')}
          </span>
          <Button label={l10n.t('Open run {0}', names[i]!)} onPress={() => onOpen(job.job_id)}>{l10n.t('Open run')}</Button>
          <IconButton icon="close" label={l10n.t('Remove {0} from the comparison', names[i]!)} onPress={() => onRemove(job.job_id)} />
        </li>
      ))}
    </ul>
  );
}

/** A run's name beside what its lines look like. */
export function RunName({ name, index }: { name: string; index: number }) {
  const palette = usePalette();
  return (
    <span class="run-name">
      <Swatch look={{ color: runColor(palette, index), dash: runDash(index), width: 2, alpha: 1, isPoints: false }} /> <Visible text={name} />
    </span>
  );
}
