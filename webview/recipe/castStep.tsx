/** The last look before casting: what was checked, what stands in the way, and what would mend it. */
import type { RecipeState } from '../../src/shared/panels/recipe';
import type { Problem } from '../../src/shared/problem';
import type { CheckOutcome } from '../../src/shared/recipeAssessment';
import { Busy, Icon } from '../ui/controls';
import { l10n } from '../ui/l10n';
import { ProblemList } from '../ui/problemList';
import { Visible } from '../ui/visible';

const ICONS = { pass: 'pass', warn: 'warning', fail: 'error', unknown: 'question' } as const;

export function Checks({ state: { assessment, isAssessing, isTrusted }, problems, onFix, onOpen }: {
  state: RecipeState; problems: readonly Problem[]; onFix: (problem: Problem) => void; onOpen: (problem: Problem) => void;
}) {
  return (
    <section aria-label={l10n.t('Checks')}>
      {!isTrusted && <p>{l10n.t('The checks read the files that the recipe names, so they wait until the workspace is trusted.')}</p>}
      {isAssessing && !assessment && <Busy text={l10n.t('Looking at model, dataset and machine')} />}
      <ul class="checks">
        {(assessment?.checks ?? []).map(check => <CheckLine key={check.id} check={check} />)}
      </ul>
      <ProblemList problems={problems} onFix={onFix} onOpen={onOpen} />
    </section>
  );
}

function CheckLine({ check: { title, status, details } }: { check: CheckOutcome }) {
  return <li class={`check is-${status}`}><Icon name={ICONS[status]} /><span class="sr-only">{statusName(status)}: </span><strong>{title}</strong> <span class="muted"><Visible text={details} /></span></li>;
}

function statusName(status: CheckOutcome['status']): string {
  switch (status) {
    case 'pass': return l10n.t('Passed');
    case 'warn': return l10n.t('Warning');
    case 'fail': return l10n.t('Failed');
    case 'unknown': return l10n.t('Not checked');
  }
}
