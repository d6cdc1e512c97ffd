/** What is to be known of the run's state beyond its name: its place in the queue, what it prepares, why it ended and what to do. */
import { useEffect, useState } from 'preact/hooks';
import type { RunStatus } from '../../src/shared/events';
import type { JobSummary, RunSnapshot } from '../../src/shared/follow';
import { statusName } from '../../src/shared/statusLook';
import { Button, Icon } from '../ui/controls';
import { formatCount, formatDuration, formatLoss } from '../ui/format';
import { l10n } from '../ui/l10n';
import { ProblemList } from '../ui/problemList';
import { Visible } from '../ui/visible';
import type { Act } from './act';
import { LogLines, placeOf } from './journal';
import { isPreparing, isUnderWay, PREPARING, quietLimitSeconds } from './phase';

export function State({ run, isReconnecting, act }: { run: RunSnapshot; isReconnecting: boolean; act: Act }) {
  const { job } = run;
  if (isReconnecting) return <Notice icon="debug-disconnect" text={l10n.t('The run cannot be read at the moment. Trying again; what is shown is what was known.')} />;
  if (job.status === 'queued') return <Notice icon="clock" text={queueText(job)} />;
  if (isPreparing(job.status)) return <Phases current={job.status} />;
  if (isUnderWay(job.status)) return <Quiet job={job} />;
  if (job.status === 'failed') return <Failed run={run} act={act} />;
  if (job.status === 'completed') return <FinalFigures job={job} />;
  return <Notice icon="debug-pause" text={stoppedText(run)} />;
}

function Notice({ icon, text }: { icon: string; text: string }) {
  return <p class="notice row" role="status"><Icon name={icon} /> {text}</p>;
}

function queueText({ queue_place }: JobSummary): string {
  if (queue_place === null || queue_place <= 1) return l10n.t('Next in the queue. It begins when the run before it ends.');
  return l10n.t('Number {0} in the queue', queue_place);
}

/** The phases before the first step, with the one that is under way. */
function Phases({ current }: { current: RunStatus }) {
  const at = PREPARING.findIndex(phase => phase === current);
  return (
    <ol class="phases">
      {PREPARING.map((phase, i) => (
        <li key={phase} class={i === at ? 'is-current' : i < at ? 'is-done' : ''} aria-current={i === at ? 'step' : undefined}>
          <Icon name={i < at ? 'check' : i === at ? 'loading' : 'circle-large-outline'} class={i === at ? 'codicon-modifier-spin' : ''} /> {statusName(phase, l10n)}
        </li>
      ))}
    </ol>
  );
}

/** Nothing, as long as the trainer speaks. */
function Quiet({ job: { updated_at, seconds_per_step } }: { job: JobSummary }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 5000);
    return () => clearInterval(timer);
  }, []);
  const quietSeconds = (now - Date.parse(updated_at)) / 1000;
  if (!(quietSeconds > quietLimitSeconds(seconds_per_step))) return null;
  return <Notice icon="watch" text={l10n.t('No news from the trainer for {0}. It may be at a long step, or the machine may have slept.', formatDuration(quietSeconds))} />;
}

const LAST_LINES = 8;

/** The Problem with what to do, and the trainer's last words. */
function Failed({ run: { job, problems, log }, act }: { run: RunSnapshot; act: Act }) {
  const errors = problems.filter(({ problem }) => problem.severity === 'error').slice(-1).map(({ problem }) => problem);
  return (
    <section class="notice is-failed" aria-label={l10n.t('Why it failed')}>
      {errors.length > 0
        ? <ProblemList problems={errors} onOpen={problem => act('openPlace', placeOf(problem))} />
        : <p><Icon name="error" /> <Visible text={job.error ?? l10n.t('The trainer ended without saying why.')} keep={'\n'} /></p>}
      {log.length > 0 && <LogLines label={l10n.t('Last lines of the log')} lines={log.slice(-LAST_LINES)} />}
      {job.run_dir !== null && <Button onPress={() => act('showLog', {})}>{l10n.t('Show the log')}</Button>}
    </section>
  );
}

function stoppedText({ job, checkpoints }: RunSnapshot): string {
  const newest = checkpoints.at(-1);
  if (job.status === 'cancelled') return l10n.t('Taken from the queue before it began. Resume puts it back.');
  return newest ? l10n.t('Stopped. It can go on from step {0}.', formatCount(newest.step)) : l10n.t('Stopped before the first checkpoint. Resume begins anew.');
}

function FinalFigures({ job: { metrics } }: { job: JobSummary }) {
  const figures = Object.entries(metrics ?? {});
  if (figures.length === 0) return null;
  return (
    <dl class="figures" aria-label={l10n.t('Final figures')}>
      {figures.map(([name, value]) => <div key={name}><dt><Visible text={name} /></dt><dd>{formatLoss(value)}</dd></div>)}
    </dl>
  );
}
