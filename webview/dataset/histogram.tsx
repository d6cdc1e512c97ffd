/** A distribution as bars, with its figures in words beside them. */
import type { Distribution } from '../../src/shared/datasetPreview';
import { formatCount } from '../ui/format';
import { l10n } from '../ui/l10n';

const WIDTH = 320;
const HEIGHT = 72;

export function Histogram({ title, unit, distribution, limit, write = value => formatCount(Math.round(value)) }: {
  title: string; unit: string; distribution: Distribution;
  /** A line to show: max_length. */
  limit?: { label: string; value: number };
  write?: (value: number) => string;
}) {
  const { histogram: { edges, counts }, isExact, min, p50, p95, max, mean, count } = distribution;
  const mark = isExact ? '' : '≈ ';
  const figures = [['min', min], ['p50', p50], ['mean', mean], ['p95', p95], ['max', max]] as const;
  const low = edges[0] ?? 0;
  const span = (edges[edges.length - 1] ?? 1) - low || 1;
  const highest = Math.max(1, ...counts);
  const x = (value: number): number => ((value - low) / span) * WIDTH;
  return (
    <figure class="histogram">
      <figcaption>{title} <span class="muted">{unit}</span></figcaption>
      {count === 0 ? <p class="muted">{l10n.t('No values')}</p> : (
        <>
          <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={l10n.t('{0}: half below {1}, 95 % below {2}, largest {3} {4}', title, write(p50), write(p95), write(max), unit)}>
            {counts.map((height, i) => {
              const from = x(edges[i]!);
              const bar = (height / highest) * (HEIGHT - 4);
              return <rect key={i} class="bar" x={from} y={HEIGHT - bar} width={Math.max(1, x(edges[i + 1]!) - from - 1)} height={bar}><title>{`${write(edges[i]!)}–${write(edges[i + 1]!)}: ${formatCount(height)}`}</title></rect>;
            })}
            {limit && limit.value >= low && limit.value <= low + span && (
              <line class="limit" x1={x(limit.value)} x2={x(limit.value)} y1={0} y2={HEIGHT}><title>{`${limit.label} ${write(limit.value)}`}</title></line>
            )}
          </svg>
          <dl class="figures">{figures.map(([name, value]) => <div key={name}><dt class="muted">{name}</dt><dd>{mark}{write(value)}</dd></div>)}</dl>
        </>
      )}
    </figure>
  );
}
