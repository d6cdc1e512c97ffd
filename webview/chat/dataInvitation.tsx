/** After the apprentice: the user's own data, dropped or chosen. */
import { useState } from 'preact/hooks';
import { Button, Icon } from '../ui/controls';
import { l10n } from '../ui/l10n';

/** What VS Code's explorer puts on a drag, first the richer. */
const URI_LISTS = ['application/vnd.code.uri-list', 'text/uri-list'];

export function DataInvitation({ open }: { open: (uri?: string) => void }) {
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    open(droppedUri(event.dataTransfer));
  };
  return (
    <aside
      class={`invitation ${isOver ? 'is-over' : ''}`} aria-label={l10n.t('Your own data')}
      onDragOver={event => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop}
    >
      <Icon name="file-add" />
      <span>{l10n.t('Now with your data: drop a JSON, JSONL, CSV or Parquet file here.')}</span>
      <Button onPress={() => open()}>{l10n.t('Choose a file…')}</Button>
    </aside>
  );
}

/** Undefined where the drag names no file (one from outside VS Code does not): then it is asked for. */
function droppedUri(data: DataTransfer | null): string | undefined {
  const lists = URI_LISTS.map(type => data?.getData(type) ?? '');
  return lists.flatMap(list => list.split(/\r?\n/)).find(line => line !== '' && !line.startsWith('#'));
}
