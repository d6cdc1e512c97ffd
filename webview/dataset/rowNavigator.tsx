/** Goes through the rows: one on, one back, to a number, or to the next of a kind. */
import { useEffect, useState } from 'preact/hooks';
import type { Figure } from '../../src/shared/datasetPreview';
import type { DatasetMethods, RowFilter } from '../../src/shared/panels/dataset';
import { Button, IconButton, TextField } from '../ui/controls';
import type { Call } from '../ui/host';
import { l10n } from '../ui/l10n';
import { ProblemList } from '../ui/problemList';
import { figure } from './sourceLine';
import { useFailure } from '../ui/useFailure';

export function RowNavigator({ call, row, total, onRow }: { call: Call<DatasetMethods>; row: number; total: Figure | undefined; onRow: (row: number) => void }) {
  const [typed, setTyped] = useState(String(row));
  const [notFound, setNotFound] = useState<RowFilter>();
  const [failure, guard] = useFailure();
  useEffect(() => setTyped(String(row)), [row]);
  const last = total === undefined ? Infinity : total.value - 1;
  const find = (filter: RowFilter): void => guard(call('find', { filter, from: row }).then(found => {
    setNotFound(found === null ? filter : undefined);
    if (found !== null) onRow(found);
  }));
  const jump = (): void => {
    const wanted = Number(typed);
    if (Number.isInteger(wanted) && wanted >= 0) onRow(Math.min(wanted, last));
    else setTyped(String(row));
  };
  const labels: Record<RowFilter, string> = { problem: l10n.t('Next problem'), longest: l10n.t('Longest'), shortest: l10n.t('Shortest'), random: l10n.t('Random') };
  return (
    <div class="navigator row" role="group" aria-label={l10n.t('Go to a row')}>
      <IconButton icon="arrow-left" label={l10n.t('Previous row')} disabled={row <= 0} onPress={() => onRow(row - 1)} />
      <span class="row-number"><TextField label={l10n.t('Row, from 0')} value={typed} onValue={setTyped} onEnter={jump} /></span>
      {total && <span class="muted">{l10n.t('of {0}', figure(total))}</span>}
      <IconButton icon="arrow-right" label={l10n.t('Next row')} disabled={row >= last} onPress={() => onRow(row + 1)} />
      {(Object.keys(labels) as RowFilter[]).map(filter => <Button key={filter} onPress={() => find(filter)}>{labels[filter]}</Button>)}
      <span role="status" class="muted">{notFound === 'problem' ? l10n.t('No further row has a problem.') : notFound && l10n.t('No such row.')}</span>
      {failure && <ProblemList problems={failure} />}
    </div>
  );
}
