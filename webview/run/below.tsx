/** What stands below the charts, a tab each. */
import type { RunSnapshot } from '../../src/shared/follow';
import type { RecipeTableRow } from '../../src/shared/recipeTable';
import { Tabs, tabId } from '../ui/controls';
import { formatCount } from '../ui/format';
import { l10n } from '../ui/l10n';
import type { Act } from './act';
import { Checkpoints } from './checkpoints';
import { Journal } from './journal';
import { Recipe } from './recipe';
import { Samples } from './samples';

const TAB_IDS = ['samples', 'journal', 'recipe', 'checkpoints'] as const;
export type TabId = (typeof TAB_IDS)[number];

export function isTabId(value: unknown): value is TabId {
  return TAB_IDS.some(id => id === value);
}

export function Below({ run, recipe, tab, onTab, act }: {
  run: RunSnapshot; recipe: readonly RecipeTableRow[]; tab: TabId; onTab: (tab: TabId) => void; act: Act;
}) {
  const count = (items: readonly unknown[]): string | undefined => items.length === 0 ? undefined : formatCount(items.length);
  return (
    <section class="below">
      <Tabs
        label={l10n.t('Of the run')} active={tab} onSelect={id => { if (isTabId(id)) onTab(id); }}
        tabs={[
          { id: 'samples', label: l10n.t('Samples') },
          { id: 'journal', label: l10n.t('Problems and log'), badge: count(run.problems) },
          { id: 'recipe', label: l10n.t('Recipe') },
          { id: 'checkpoints', label: l10n.t('Checkpoints'), badge: count(run.checkpoints) },
        ]}
      />
      <div role="tabpanel" aria-labelledby={tabId(tab)} class="panel">
        {tab === 'samples' && <Samples rounds={run.samples} />}
        {tab === 'journal' && <Journal run={run} act={act} />}
        {tab === 'recipe' && <Recipe rows={recipe} facts={run.facts} />}
        {tab === 'checkpoints' && <Checkpoints job={run.job} checkpoints={run.checkpoints} act={act} />}
      </div>
    </section>
  );
}
