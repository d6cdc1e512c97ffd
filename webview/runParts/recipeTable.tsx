/** Recipes as a table: one run's with its defaults, or those of several beside one another. */
import type { ComponentChildren } from 'preact';
import type { RecipeTableRow } from '../../src/shared/recipeTable';
import { l10n } from '../ui/l10n';
import { Visible } from '../ui/visible';

export function RecipeTable({ caption, rows, columns, showsDefaults = false }: {
  caption: string; rows: readonly RecipeTableRow[]; columns: readonly { id: string; head: ComponentChildren }[]; showsDefaults?: boolean;
}) {
  return (
    <div class="table-place" tabIndex={0} role="region" aria-label={caption}>
      <table class="values">
        <caption class="sr-only">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{l10n.t('Key')}</th>
            {columns.map(({ id, head }) => <th key={id} scope="col">{head}</th>)}
            {showsDefaults && <th scope="col">{l10n.t('Default')}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={row.key}>
              <th scope="row" title={row.title}><code><Visible text={row.key} /></code></th>
              {row.values.map((value, i) => <td key={i}><Value value={value} unit={row.unit} /></td>)}
              {showsDefaults && <td class="muted"><Value value={row.default} unit={row.unit} /></td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Longer values are cut, and whole in the title. */
const LONGEST_VALUE = 200;

function Value({ value, unit }: { value: string | null; unit: string | undefined }) {
  if (value === null) return <span class="muted">{l10n.t('none')}</span>;
  const isLong = value.length > LONGEST_VALUE;
  return <span title={isLong ? value : undefined}><Visible text={isLong ? `${value.slice(0, LONGEST_VALUE)}…` : value} />{unit !== undefined && ` ${unit}`}</span>;
}
