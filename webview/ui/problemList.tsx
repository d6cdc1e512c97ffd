/** Problems as every view shows them: what happened, where, and a button where one can mend it. */
import { renderWhere, type Problem } from '../../src/shared/problem';
import { Button, Icon } from './controls';
import { l10n } from './l10n';
import { Visible } from './visible';

const ICONS = { error: 'error', warning: 'warning', info: 'info' } as const;

export function ProblemList({ problems, onFix, onOpen }: {
  problems: readonly Problem[];
  /** Applies `fix.set`. */
  onFix?: (problem: Problem) => void;
  /** Goes to `where`. */
  onOpen?: (problem: Problem) => void;
}) {
  if (problems.length === 0) return null;
  return (
    <ul class="problems">
      {problems.map((problem, i) => (
        <li key={`${problem.id} ${i}`} class={`problem is-${problem.severity}`}>
          <Icon name={ICONS[problem.severity]} />
          <div>
            <span class="sr-only">{severityName(problem)}: </span>
            <Visible text={problem.text} keep={'\n'} /> {problem.fix && <span class="fix"><Visible text={problem.fix.text} /></span>}
            {problem.where && <span class="place"><Visible text={renderWhere(problem.where)} /></span>}
            {problem.notes?.map(note => <pre key={note} class="note"><Visible text={note} keep={'\n\t'} /></pre>)}
          </div>
          {onOpen && problem.where?.file !== undefined && <Button onPress={() => onOpen(problem)}>{l10n.t('Open')}</Button>}
          {onFix && problem.fix?.set && <Button onPress={() => onFix(problem)}>{l10n.t('Fix')}</Button>}
        </li>
      ))}
    </ul>
  );
}

function severityName({ severity }: Problem): string {
  if (severity === 'error') return l10n.t('Error');
  return severity === 'warning' ? l10n.t('Warning') : l10n.t('Note');
}
