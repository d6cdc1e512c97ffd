/** The last figures of the runs; the best is marked by a star and in words. */
import type { ComponentChildren } from 'preact';
import type { RunSnapshot } from '../../src/shared/follow';
import { Icon } from '../ui/controls';
import { formatBytes, formatLoss } from '../ui/format';
import { l10n } from '../ui/l10n';
import { Visible } from '../ui/visible';
import { figureRows } from './figures';

export function FinalFigures({ runs, columns }: { runs: readonly RunSnapshot[]; columns: readonly { id: string; head: ComponentChildren }[] }) {
  const rows = figureRows(runs);
  if (rows.length === 0) return <p class="muted">{l10n.t('No figures yet')}</p>;
  return (
    <div class="table-place" tabIndex={0} role="region" aria-label={l10n.t('Final figures')}>
      <table class="values">
        <thead>
          <tr><th scope="col">{l10n.t('Figure')}</th>{columns.map(({ id, head }) => <th key={id} scope="col" class="number">{head}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map(({ name, values, best }) => (
            <tr key={name}>
              <th scope="row"><code><Visible text={name} /></code></th>
              {values.map((value, i) => (
                <td key={i} class={`number ${best.includes(i) ? 'is-best' : ''}`}>
                  {value === null ? <span class="muted">{l10n.t('none')}</span> : name.endsWith('_bytes') ? formatBytes(value) : formatLoss(value)}
                  {best.includes(i) && <span class="best"> <Icon name="star-full" /> {l10n.t('best')}</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
