/** One row whole: each cell under its column's name, and what is wrong with it. */
import type { RawRowPreview } from '../../src/shared/datasetPreview';
import type { Problem } from '../../src/shared/problem';
import { formatCount } from '../ui/format';
import { l10n } from '../ui/l10n';
import { ProblemList } from '../ui/problemList';
import { Visible } from '../ui/visible';

export function RowDetail({ index, row, onOpen }: { index: number; row: RawRowPreview; onOpen: (problem: Problem) => void }) {
  const { line } = row.place;
  return (
    <section class="detail" aria-label={l10n.t('Row {0}', index)}>
      <h2>{l10n.t('Row {0}', formatCount(index))}{line !== undefined && <span class="muted"> · {l10n.t('line {0}', formatCount(line))}</span>}</h2>
      <ProblemList problems={row.problems} onOpen={onOpen} />
      <dl>
        {Object.entries(row.cells).map(([name, cell]) => (
          <div key={name}>
            <dt><Visible text={name} /> <span class="muted">{cell.kind}</span></dt>
            <dd class="long-text"><Visible text={cell.text} keep={'\n\t'} />{cell.length > cell.text.length && <Cut hidden={cell.length - cell.text.length} />}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Says that there is more than is shown. */
export function Cut({ hidden }: { hidden: number }) {
  return <span class="muted"> {l10n.t('… {0} more characters', formatCount(hidden))}</span>;
}
