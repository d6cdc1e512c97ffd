/** The first rows of the recipe's dataset, and what was found in it. */
import type { DatasetLook } from '../../src/shared/panels/recipe';
import { Busy, Button } from '../ui/controls';
import { formatCount } from '../ui/format';
import { l10n } from '../ui/l10n';
import { ProblemList } from '../ui/problemList';
import { Visible } from '../ui/visible';
import type { Answer } from './useAnswer';

export function DatasetLookTable({ look: { value: look, problems, isWaiting }, onOpen }: { look: Answer<DatasetLook | null>; onOpen: () => void }) {
  return (
    <div class="look">
      {look && (
        <>
          <p class="row">
            <span><strong><Visible text={look.name} /></strong> · <Visible text={look.shape.title} />{look.shape.confidence < 1 && ` (${Math.round(100 * look.shape.confidence)} %)`} · {rowsText(look)}</span>
            <Button onPress={onOpen}>{l10n.t('Preview dataset')}</Button>
          </p>
          <p class="muted">{l10n.t('These rows fit the method {0}.', look.method)}</p>
          <div class="scrolled" tabIndex={0} role="region" aria-label={l10n.t('First rows')}>
            <table>
              <thead><tr>{look.columns.map(({ name, role }) => <th key={name} scope="col"><Visible text={name} />{role !== null && role !== name && <span class="muted"> → {role}</span>}</th>)}</tr></thead>
              <tbody>{look.cells.map((row, i) => <tr key={i}>{row.map((cell, column) => <td key={column}><Visible text={cell} /></td>)}</tr>)}</tbody>
            </table>
          </div>
          <ProblemList problems={look.problems} />
        </>
      )}
      {look === null && <p class="muted">{l10n.t('No dataset is chosen yet.')}</p>}
      {isWaiting && <Busy text={l10n.t('Reading the first rows')} />}
      <ProblemList problems={problems} />
    </div>
  );
}

function rowsText({ rows }: DatasetLook): string {
  if (!rows) return l10n.t('rows not counted yet');
  return l10n.t('{0} rows', `${rows.isExact ? '' : '≈ '}${formatCount(rows.value)}`);
}
