/** The whole view: the runs, their charts, and the tabs below. */
import { useMemo, useState } from 'preact/hooks';
import { isAbort, problemsOf } from '../../src/shared/calls';
import type { CompareContract, CompareState } from '../../src/shared/panels/compare';
import type { Problem } from '../../src/shared/problem';
import { ChartGrid, createStore, DEFAULT_SETTINGS, type Range } from '../charts';
import { isSavedCharts, RecipeTable, useSaved, type SavedCharts } from '../runParts';
import { Busy, Button, Tabs, tabId } from '../ui/controls';
import { savedState, type Call } from '../ui/host';
import { l10n } from '../ui/l10n';
import { ProblemList } from '../ui/problemList';
import type { ViewProps } from '../ui/startView';
import { FinalFigures } from './finalFigures';
import { namesOf } from './names';
import { RunList, RunName } from './runList';
import { SamplesBeside } from './samplesBeside';
import './compare.css';

export function CompareView({ state, call }: ViewProps<CompareContract, CompareState>) {
  const saved = useMemo(() => savedState(isSaved), []);
  const [settings, setSettings] = useState(saved?.settings ?? DEFAULT_SETTINGS);
  const [tab, setTab] = useState<TabId>(saved?.tab ?? 'recipe');
  const range = useMemo(() => createStore<Range | null>(saved?.range ?? null), []);
  const [problems, setProblems] = useState<Problem[]>([]);

  const runs = state?.runs ?? [];
  const jobIds = runs.map(({ job }) => job.job_id).join('\n');
  // Which runs are shown is known when the first snapshot is there; until then what was kept stays.
  const kept = useMemo(() => state && { tab, job_ids: jobIds.split('\n').filter(id => id !== '') }, [state === undefined, tab, jobIds]);
  useSaved(settings, range, kept);
  const names = namesOf(runs.map(({ job }) => job));
  const charted = useMemo(
    () => runs.map(({ job, series }, i) => ({ id: job.job_id, name: names[i]!, series })),
    [names.join('\n'), ...runs.flatMap(({ job, series }) => [job.job_id, series])],
  );
  if (!state) return <Busy text={l10n.t('Opening the runs')} />;

  const ask: Call<CompareContract> = async (name, params, options) => {
    try {
      return await call(name, params, options);
    } catch (error) {
      if (!isAbort(error)) setProblems(problemsOf(error));
      throw error;
    }
  };
  /** For buttons: what went wrong is shown, and nobody waits for the end. */
  const act = (request: Promise<unknown>): void => {
    setProblems([]);
    request.catch(() => {});
  };
  const choose = (): void => act(ask('chooseRuns', {}));

  if (runs.length === 0) {
    return (
      <>
        <h1>{l10n.t('Compare runs')}</h1>
        <p>{l10n.t('No run is chosen.')}</p>
        <Button appearance="primary" onPress={choose}>{l10n.t('Choose runs')}</Button>
        <ProblemList problems={problems} />
      </>
    );
  }
  const columns = charted.map(({ id, name }, i) => ({ id, head: <RunName name={name} index={i} /> }));
  const differences = state.recipe.filter(({ values }) => new Set(values).size > 1);
  return (
    <>
      <header class="row spread">
        <h1>{l10n.t('Compare runs')}</h1>
        <Button appearance="primary" onPress={choose}>{l10n.t('Choose runs')}</Button>
      </header>
      <RunList runs={runs} names={names} onOpen={jobId => act(ask('openRun', { jobId }))} onRemove={jobId => act(ask('removeRun', { jobId }))} />
      <ProblemList problems={problems} />
      <ChartGrid
        runs={charted} isOverlay settings={settings} onSettings={setSettings} range={range} title={l10n.t('Compared runs')}
        loadSeries={(jobId, { fromStep, toStep, maxPoints }) => ask('series', { jobId, fromStep, toStep, maxPoints: maxPoints! })}
        onSave={file => act(ask('savePicture', file))} onSaveValues={steps => act(ask('saveValues', steps))}
      />
      <section class="below">
        <Tabs
          label={l10n.t('Of the runs')} active={tab} onSelect={id => { if (isTabId(id)) setTab(id); }}
          tabs={[
            { id: 'recipe', label: l10n.t('Recipe differences'), badge: String(differences.length) },
            { id: 'figures', label: l10n.t('Final figures') },
            { id: 'samples', label: l10n.t('Samples') },
          ]}
        />
        <div role="tabpanel" aria-labelledby={tabId(tab)} class="panel">
          {tab === 'recipe' && (differences.length === 0
            ? <p class="muted">{runs.length === 1 ? l10n.t('One run alone differs from nothing') : l10n.t('The recipes are the same')}</p>
            : <RecipeTable caption={l10n.t('Recipe differences')} rows={differences} columns={columns} />)}
          {tab === 'figures' && <FinalFigures runs={runs} columns={columns} />}
          {tab === 'samples' && <SamplesBeside runs={runs} columns={columns} />}
        </div>
      </section>
    </>
  );
}

const TAB_IDS = ['recipe', 'figures', 'samples'] as const;
type TabId = (typeof TAB_IDS)[number];

interface Saved extends SavedCharts {
  tab: TabId;
}

function isTabId(value: unknown): value is TabId {
  return TAB_IDS.some(id => id === value);
}

function isSaved(value: unknown): value is Saved {
  return isSavedCharts(value) && 'tab' in value && isTabId(value.tab);
}
