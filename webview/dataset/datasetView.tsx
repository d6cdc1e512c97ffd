/** Dataset preview: what was found, the rows in three views, and figures of the whole set. */
import { useState } from 'preact/hooks';
import type { Problem } from '../../src/shared/problem';
import type { DatasetMethods, DatasetState } from '../../src/shared/panels/dataset';
import { Busy, Button, Tabs, tabId, type Tab } from '../ui/controls';
import { saveState, savedState } from '../ui/host';
import { l10n } from '../ui/l10n';
import { ProblemList } from '../ui/problemList';
import type { ViewProps } from '../ui/startView';
import { Visible } from '../ui/visible';
import { OneRow } from './oneRow';
import { RowTable } from './rowTable';
import { SettingsBar } from './settingsBar';
import { SourceLine } from './sourceLine';
import { StatisticsTab } from './statisticsTab';
import { useFailure } from '../ui/useFailure';

const TABS = ['rows', 'formatted', 'tokens', 'statistics'] as const;
type TabId = (typeof TABS)[number];

/** Where the reader was. */
interface Saved {
  tab: TabId;
  row: number;
}

export function DatasetView({ state, call }: ViewProps<DatasetMethods, DatasetState>) {
  const [{ tab, row }, setPlace] = useState<Saved>(() => savedState(isSaved) ?? { tab: 'rows', row: 0 });
  const [failure, guard] = useFailure();
  const go = (change: Partial<Saved>): void => setPlace(old => {
    const place = { ...old, ...change };
    saveState(place);
    return place;
  });
  if (!state) return <Busy text={l10n.t('Opening the dataset')} />;

  const { title, source, problems, settings } = state;
  const total = source?.rows?.value;
  const open = ({ where }: Problem): void => {
    if (where?.file !== undefined) guard(call('openText', { file: where.file, ...(where.line !== undefined && { line: where.line }), ...(typeof where.column === 'number' && { column: where.column }) }));
  };
  const common = { call, settingsKey: JSON.stringify([settings, state.opened]), row, onRow: (next: number) => go({ row: next }), onOpen: open };
  return (
    <div class="dataset">
      <header class="row spread">
        <div>
          <h1><Visible text={title} /></h1>
          <SourceLine source={source} problems={problems} />
        </div>
        <Button
          appearance="primary" disabled={!state.canTrain || !source} onPress={() => guard(call('train', {}))}
          {...(state.canTrain ? {} : { title: l10n.t('Training needs a trusted workspace.') })}
        >{l10n.t('Train with this dataset')}</Button>
      </header>
      <ProblemList problems={failure ? [...failure, ...problems] : problems} onOpen={open} />
      {source && (
        <>
          <SettingsBar state={state} configure={change => guard(call('configure', change))} chooseModel={() => guard(call('chooseModel', {}))} />
          <Tabs label={l10n.t('Views of the dataset')} tabs={tabs()} active={tab} onSelect={id => go({ tab: id as TabId })} />
          <div role="tabpanel" aria-labelledby={tabId(tab)} class="panel" tabIndex={-1}>
            {tab === 'rows' && <RowTable {...common} source={source} total={total} configure={change => guard(call('configure', change))} />}
            {tab === 'formatted' && <OneRow key="formatted" {...common} view="formatted" total={total} />}
            {tab === 'tokens' && (settings.model === null
              ? <ChooseModel onPress={() => guard(call('chooseModel', {}))} />
              : <OneRow key="tokens" {...common} view="tokens" total={total} />)}
            {tab === 'statistics' && <StatisticsTab call={call} settingsKey={common.settingsKey} onRow={next => go({ tab: 'rows', row: next })} onOpen={open} />}
          </div>
        </>
      )}
      {!source && problems.length === 0 && <Busy text={l10n.t('Opening the dataset')} />}
    </div>
  );
}

function ChooseModel({ onPress }: { onPress: () => void }) {
  return (
    <div class="empty">
      <p>{l10n.t('Tokens are a model\'s own. Choose a model, and see exactly what it will learn from.')}</p>
      <Button appearance="primary" onPress={onPress}>{l10n.t('Choose a model')}</Button>
    </div>
  );
}

function tabs(): Tab[] {
  const labels: Record<TabId, string> = { rows: l10n.t('Rows'), formatted: l10n.t('Formatted'), tokens: l10n.t('Tokens'), statistics: l10n.t('Statistics') };
  return TABS.map(id => ({ id, label: labels[id] }));
}

function isSaved(value: unknown): value is Saved {
  const { tab, row } = (typeof value === 'object' && value !== null ? value : {}) as Partial<Saved>;
  return TABS.some(id => id === tab) && Number.isInteger(row);
}
