/** One line on what was found: format, size, rows, shape and how sure that is. */
import type { Figure, SourcePreview } from '../../src/shared/datasetPreview';
import type { Problem } from '../../src/shared/problem';
import { formatBytes, formatCount } from '../ui/format';
import { l10n } from '../ui/l10n';

export function SourceLine({ source, problems }: { source: SourcePreview | undefined; problems: readonly Problem[] }) {
  if (!source) return null;
  const { shape, rows, format, sizeBytes, revision } = source;
  const parts = [
    shape.confidence >= 1 ? shape.title : l10n.t('{0} (fits {1} % of the rows looked at)', shape.title, Math.floor(100 * shape.confidence)),
    ...(rows ? [l10n.t('{0} rows', figure(rows))] : []),
    format,
    ...(sizeBytes === undefined ? [] : [formatBytes(sizeBytes)]),
    ...(revision === undefined ? [] : [l10n.t('commit {0}', revision.slice(0, 7))]),
    ...(problems.length === 0 ? [] : [l10n.t('{0} problems', problems.length)]),
  ];
  return <p class="muted source">{parts.join(' · ')}</p>;
}

/** "≈ 1,200" where it is not exact. */
export function figure({ value, isExact }: Figure, write: (value: number) => string = formatCount): string {
  return isExact ? write(value) : `≈ ${write(value)}`;
}
