/** One source of a preview: its rows at random, its shape, and what the head of a view says of it. */
import { COLUMN_ROLES } from '../../shared/datasetPreview';
import type { ColumnRole, SourcePreview } from '../../shared/datasetPreview';
import type { Problem } from '../../shared/problem';
import { ProblemError } from '../../shared/problem';
import { mapColumns } from '../columns';
import type { RawRow } from '../rows';
import { detectShape, SHAPE_SPAN, SHAPE_TITLES } from '../shape';
import { checkColumns } from '../validate';
import type { InspectSettings } from './inspectSettings';
import type { RowReading } from './rowStages';
import type { SourceTables } from './sourceTables';

export interface PreviewSource extends RowReading {
  tables: SourceTables;
  /** Of the source as a whole: columns that the method needs, the file itself. */
  problems: Problem[];
  /** For the view's head. */
  preview(): SourcePreview;
}

/** Tells the shape from the first rows; the source's own mapping wins over the dataset's. */
export async function previewSource(tables: SourceTables, { dataset, method }: InspectSettings): Promise<PreviewSource> {
  const columnMapping = { ...dataset.column_mapping, ...tables.source.column_mapping };
  const rows = await tables.rows(0, SHAPE_SPAN);
  const mapped = rows.flatMap(row => ('raw' in row ? mappedRow(row.raw, columnMapping) : []));
  const shape = detectShape(mapped, dataset.convert_messages_format ?? true);
  const names = [...new Set(mapped.flatMap(row => Object.keys(row.cells)))];
  const missing = rows.length === 0 ? [emptySource(tables.name)] : checkColumns(shape, method, names, tables.name);
  return { tables, shape, columnMapping, problems: [...tables.notes, ...missing], preview: () => summary(tables, { shape, columnMapping }) };
}

function summary(tables: SourceTables, { shape, columnMapping }: RowReading): SourcePreview {
  const roles = new Map(Object.entries(shape.columns).map(([role, column]) => [column, role]));
  const rows = tables.rowCount();
  return {
    name: tables.name,
    format: tables.first.format,
    ...(tables.bytes !== undefined && { sizeBytes: tables.bytes }),
    ...(tables.revision !== undefined && { revision: tables.revision }),
    ...(rows && { rows }),
    shape: { name: shape.name, title: SHAPE_TITLES[shape.name], confidence: shape.confidence, rowsLookedAt: shape.rowsLookedAt },
    columns: tables.first.columns.map(({ name, kinds, filledFraction }) => {
      const role = roles.get(columnMapping[name] ?? name);
      return { name, kinds, filledFraction, role: isRole(role) ? role : null, isMapped: name in columnMapping };
    }),
  };
}

const isRole = (name: string | undefined): name is ColumnRole => COLUMN_ROLES.some(role => role === name);

/** A row whose columns cannot be renamed is told where it is read. */
function mappedRow(row: RawRow, mapping: Readonly<Record<string, string>>): RawRow[] {
  try {
    return [mapColumns(row, mapping)];
  } catch (error) {
    if (error instanceof ProblemError) return [];
    throw error;
  }
}

function emptySource(file: string): Problem {
  return { id: 'dataset/empty', severity: 'error', text: 'The dataset has no rows.', where: { file }, fix: { text: 'Choose a file with rows in it.' } };
}
