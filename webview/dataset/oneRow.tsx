/** One row at a time, as formatted text or as tokens. */
import type { Figure, FormattedPage, PreviewView, TokenPage } from '../../src/shared/datasetPreview';
import type { DatasetMethods } from '../../src/shared/panels/dataset';
import type { Problem } from '../../src/shared/problem';
import { Busy } from '../ui/controls';
import type { Call } from '../ui/host';
import { l10n } from '../ui/l10n';
import { ProblemList } from '../ui/problemList';
import { FormattedRow } from './formattedRow';
import { RowNavigator } from './rowNavigator';
import { TokenRow } from './tokenRow';
import { usePage } from './usePage';

export interface OneRowProps {
  call: Call<DatasetMethods>;
  settingsKey: string;
  view: Exclude<PreviewView, 'raw'>;
  total: number | undefined;
  row: number;
  onRow: (row: number) => void;
  onOpen: (problem: Problem) => void;
}

export function OneRow({ call, settingsKey, view, total, row, onRow, onOpen }: OneRowProps) {
  const { page, problems, isLoading } = usePage(call, view, row, 1, settingsKey);
  const counted: Figure | undefined = page?.total ?? (total === undefined ? undefined : { value: total, isExact: true });
  const isCurrent = page?.view === view && page.offset === row;
  return (
    <>
      <RowNavigator call={call} row={row} total={counted} onRow={onRow} />
      <ProblemList problems={problems} onOpen={onOpen} />
      {isCurrent && <Shown page={page} onOpen={onOpen} />}
      {isLoading && !isCurrent && <Busy text={view === 'tokens' ? l10n.t('Tokenising the row') : l10n.t('Formatting the row')} />}
    </>
  );
}

function Shown({ page, onOpen }: { page: FormattedPage | TokenPage; onOpen: (problem: Problem) => void }) {
  const [row] = page.rows;
  if (!row) return <p class="empty">{l10n.t('There is no such row.')}</p>;
  return (
    <>
      <ProblemList problems={row.problems} onOpen={onOpen} />
      {page.view === 'formatted' ? <FormattedRow row={page.rows[0]!} format={page.format} /> : <TokenRow row={page.rows[0]!} limits={page.limits} />}
    </>
  );
}
