/** The recipe as submitted, and what ran on it: what differs from the defaults first, the rest folded. */
import type { RunFacts } from '../../src/shared/follow';
import type { RecipeTableRow } from '../../src/shared/recipeTable';
import { RecipeTable } from '../runParts';
import { formatCount } from '../ui/format';
import { l10n } from '../ui/l10n';
import { Visible } from '../ui/visible';

export function Recipe({ rows, facts }: { rows: readonly RecipeTableRow[]; facts: RunFacts | null }) {
  const differs = (row: RecipeTableRow): boolean => row.values[0] !== row.default;
  const [own, normal] = [rows.filter(differs), rows.filter(row => !differs(row))];
  const columns = [{ id: 'value', head: l10n.t('Value') }];
  return (
    <>
      <RecipeTable caption={l10n.t('Differs from the defaults')} rows={own} columns={columns} showsDefaults />
      <details>
        <summary>{l10n.t('{0} keys are at their defaults', formatCount(normal.length))}</summary>
        <RecipeTable caption={l10n.t('At their defaults')} rows={normal} columns={columns} />
      </details>
      {facts && <Facts facts={facts} />}
    </>
  );
}

function Facts({ facts: { backend, device, threads, model, dataset, versions } }: { facts: RunFacts }) {
  const lines: [string, string][] = [
    [l10n.t('Backend'), backend], [l10n.t('Device'), l10n.t('{0}, {1} threads', device, threads)],
    [l10n.t('Model'), `${model.id} · ${model.fingerprint}`],
    [l10n.t('Dataset'), l10n.t('{0} rows to train, {1} to evaluate · {2}', formatCount(dataset.rows), formatCount(dataset.eval_rows), dataset.fingerprint)],
    [l10n.t('Versions'), Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ')],
  ];
  return <dl class="facts">{lines.map(([name, value]) => <div key={name}><dt>{name}</dt><dd><Visible text={value} /></dd></div>)}</dl>;
}
