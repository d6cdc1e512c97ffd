/** Problems of the run, and its log. */
import type { LogLine, RunSnapshot } from '../../src/shared/follow';
import { formatClock } from '../ui/format';
import { l10n } from '../ui/l10n';
import { ProblemList } from '../ui/problemList';
import type { Problem } from '../../src/shared/problem';
import { Visible } from '../ui/visible';
import type { Act } from './act';

export function Journal({ run: { problems, log }, act }: { run: RunSnapshot; act: Act }) {
  return (
    <>
      {problems.length === 0
        ? <p class="muted">{l10n.t('No problems')}</p>
        : <ProblemList problems={problems.map(({ problem }) => problem)} onOpen={problem => act('openPlace', placeOf(problem))} />}
      {log.length === 0 ? <p class="muted">{l10n.t('The log is empty')}</p> : <LogLines label={l10n.t('Log')} lines={log} />}
    </>
  );
}

export function LogLines({ label, lines }: { label: string; lines: readonly LogLine[] }) {
  return (
    <div class="log mono" role="log" aria-label={label} tabIndex={0}>
      {lines.map(({ time, level, text }, i) => (
        <div key={`${time} ${i}`} class={`is-${level}`}>
          <time dateTime={time}>{formatClock(time)}</time> {level !== 'info' && <span class="level">{level}</span>} <Visible text={text} keep={'\n'} />
        </div>
      ))}
    </div>
  );
}

/** As the host is asked for it. */
export function placeOf({ where }: Problem): { file: string; line?: number } {
  return { file: where?.file ?? '', ...(where?.line === undefined ? {} : { line: where.line }) };
}
