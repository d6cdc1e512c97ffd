/** All rows as a table of which only what is seen exists. Arrow keys move, the row that is chosen stands open below. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { COLUMN_ROLES, type ColumnPreview, type ColumnRole, type RawRowPreview, type SourcePreview } from '../../src/shared/datasetPreview';
import type { DatasetMethods } from '../../src/shared/panels/dataset';
import type { Problem } from '../../src/shared/problem';
import { Dropdown, Icon } from '../ui/controls';
import { formatCount } from '../ui/format';
import type { Call } from '../ui/host';
import { l10n } from '../ui/l10n';
import { ProblemList } from '../ui/problemList';
import { RowDetail } from './rowDetail';
import { RowNavigator } from './rowNavigator';
import type { Configure } from './settingsBar';
import { usePage } from './usePage';
import { Visible } from '../ui/visible';
import { firstRowAt, scrollTopOf, scrollHeightOf } from './virtualRows';

const ROW_HEIGHT = 26;
const NUMBER_WIDTH = 96;
/** The least; wider where there is room. */
const COLUMN_WIDTH = 160;
/** Asked for at once: more than a screen. */
const PAGE_ROWS = 60;
/** Characters of a cell in the table; the open row shows all. */
const CELL_PREVIEW = 160;

export interface RowTableProps {
  call: Call<DatasetMethods>;
  settingsKey: string;
  source: SourcePreview;
  total: number | undefined;
  row: number;
  onRow: (row: number) => void;
  onOpen: (problem: Problem) => void;
  configure: Configure;
}

export function RowTable({ call, settingsKey, source, total = 0, row, onRow, onOpen, configure }: RowTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(400);
  const [top, setTop] = useState(() => row);
  const visibleRows = Math.max(1, Math.ceil(height / ROW_HEIGHT));
  const offset = Math.max(0, Math.min(top - Math.floor((PAGE_ROWS - visibleRows) / 2), Math.max(0, total - 1)));
  const { page, problems, isLoading } = usePage(call, 'raw', offset, PAGE_ROWS, settingsKey);
  const rows = page?.view === 'raw' ? new Map(page.rows.map((one, i) => [page.offset + i, one])) : new Map<number, RawRowPreview>();

  useLayoutEffect(() => {
    const element = scroller.current!;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    element.scrollTop = scrollTopOf(row, total, height, ROW_HEIGHT);
    return () => observer.disconnect();
  }, []);

  const show = (next: number): void => {
    const wanted = Math.max(0, Math.min(next, total - 1));
    onRow(wanted);
    if (wanted < top || wanted >= top + visibleRows - 1) {
      const first = Math.max(0, wanted - Math.floor(visibleRows / 3));
      setTop(first);
      scroller.current!.scrollTop = scrollTopOf(first, total, height, ROW_HEIGHT);
    }
  };
  const keys: Record<string, number> = {
    ArrowDown: row + 1, ArrowUp: row - 1, PageDown: row + visibleRows - 1, PageUp: row - visibleRows + 1, Home: 0, End: total - 1,
  };
  const shown = Array.from({ length: Math.min(visibleRows + 1, Math.max(0, total - top)) }, (_, i) => top + i);
  const chosen = rows.get(row);
  return (
    <>
      <RowNavigator call={call} row={row} total={source.rows} onRow={show} />
      <ProblemList problems={problems} onOpen={onOpen} />
      <div
        ref={scroller} class="scroller" tabIndex={0} role="grid" aria-label={l10n.t('Rows of the dataset')} aria-rowcount={total + 1} aria-busy={isLoading}
        aria-activedescendant={`row-${row}`}
        onScroll={event => setTop(firstRowAt(event.currentTarget.scrollTop, total, height, ROW_HEIGHT))}
        onKeyDown={event => {
          const next = event.target === event.currentTarget ? keys[event.key] : undefined;
          if (next === undefined) return;
          event.preventDefault();
          show(next);
        }}
      >
        <div class="canvas" role="presentation" style={{ height: `${scrollHeightOf(total, height, ROW_HEIGHT)}px`, minWidth: `${NUMBER_WIDTH + source.columns.length * COLUMN_WIDTH}px` }}>
          <div class="window" role="presentation">
            <div class="head line" role="row" aria-rowindex={1} style={{ gridTemplateColumns: columnsOf(source.columns) }}>
              <span role="columnheader" class="number">{l10n.t('Row')}</span>
              {source.columns.map(column => <ColumnHead key={column.name} column={column} configure={configure} />)}
            </div>
            {shown.map(index => (
              <Line key={index} index={index} row={rows.get(index)} columns={source.columns} isChosen={index === row} onPress={() => onRow(index)} />
            ))}
          </div>
        </div>
      </div>
      {total === 0 && <p class="empty">{l10n.t('The dataset has no rows.')}</p>}
      {chosen && <RowDetail index={row} row={chosen} onOpen={onOpen} />}
    </>
  );
}

/** The name, and below it what the column is read as. */
function ColumnHead({ column, configure }: { column: ColumnPreview; configure: Configure }) {
  const notUsed = '';
  const choices = [{ value: notUsed, label: l10n.t('not used') }, ...COLUMN_ROLES.map(role => ({ value: role, label: role }))];
  return (
    <span role="columnheader" class={`column-head ${column.isMapped ? 'is-mapped' : ''}`}>
      <span class="name" title={column.isMapped ? l10n.t('You chose this; "not used" goes back to what was detected.') : column.name}><Visible text={column.name} /></span>
      <Dropdown
        label={l10n.t('{0} is read as', column.name)} value={column.role ?? notUsed} choices={choices}
        onValue={role => configure({ map: { column: column.name, role: role === notUsed ? null : role as ColumnRole } })}
      />
    </span>
  );
}

function Line({ index, row, columns, isChosen, onPress }: { index: number; row: RawRowPreview | undefined; columns: readonly ColumnPreview[]; isChosen: boolean; onPress: () => void }) {
  return (
    <div
      id={`row-${index}`} role="row" aria-rowindex={index + 2} aria-selected={isChosen} class={`line ${isChosen ? 'is-chosen' : ''}`} onClick={onPress}
      style={{ gridTemplateColumns: columnsOf(columns) }}
    >
      <span role="rowheader" class="number muted">
        {row && row.problems.length > 0 && <><Icon name="warning" /><span class="sr-only">{l10n.t('has problems')}</span></>} {formatCount(index)}
      </span>
      {columns.map(({ name }) => {
        const cell = row?.cells[name];
        return <span key={name} role="gridcell" class={`cell is-${cell?.kind ?? 'missing'}`}>{cell ? <Visible text={cell.text.slice(0, CELL_PREVIEW)} /> : null}</span>;
      })}
    </div>
  );
}

function columnsOf(columns: readonly ColumnPreview[]): string {
  return `${NUMBER_WIDTH}px repeat(${columns.length}, minmax(${COLUMN_WIDTH}px, 1fr))`;
}
