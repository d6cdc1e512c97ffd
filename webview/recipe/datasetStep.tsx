/** Which rows are learnt: a file of the workspace, one that is dropped or browsed for, or a dataset of the hub; and what its first rows look like. */
import { useState } from 'preact/hooks';
import type { RecipeMethods } from '../../src/shared/panels/recipe';
import { problemsOf } from '../../src/shared/calls';
import { renderProblem } from '../../src/shared/problem';
import { Button, ProgressBar, TextField } from '../ui/controls';
import type { Call } from '../ui/host';
import { l10n } from '../ui/l10n';
import { Visible } from '../ui/visible';
import { DatasetLookTable } from './datasetLook';
import { Picks } from './picks';
import { uploadFile } from './uploadFile';
import { useAnswer } from './useAnswer';
import type { Form } from './useForm';

const LOOK_PAUSE_MS = 250;
/** Keys that decide which rows are read, and how. */
const LOOK_KEYS = ['dataset.source.source_type', 'dataset.source.repo_id', 'dataset.source.file_path', 'dataset.source.dataset_id', 'dataset.source.split', 'dataset.source.config_name',
  'dataset.source.revision', 'dataset.source.data_dir', 'dataset.source.data_files', 'dataset.source.file_format', 'dataset.column_mapping', 'dataset.format.format_type'];

export function DatasetPicker({ form, call, isTrusted, version }: { form: Form; call: Call<RecipeMethods>; isTrusted: boolean; version: number }) {
  const isHub = form.valueOf('dataset.source.source_type') === 'huggingface';
  const chosen = form.valueOf(isHub ? 'dataset.source.repo_id' : 'dataset.source.file_path');
  const [sent, setSent] = useState<number>();
  const [repoId, setRepoId] = useState('');
  const [isOver, setOver] = useState(false);
  const [refused, setRefused] = useState('');
  const files = useAnswer('files', signal => call('localDatasets', {}, { signal }));
  const values = JSON.stringify(LOOK_KEYS.map(form.valueOf));
  // Asked when the document has the values: the host reads it.
  const look = useAnswer(isTrusted ? `${version} ${values}` : undefined, signal => call('look', {}, { signal }), LOOK_PAUSE_MS);

  const chooseFile = (file: string): void => form.apply([
    { key: 'dataset.source.source_type', value: 'local_file' }, { key: 'dataset.source.file_path', value: file }, { key: 'dataset.source.repo_id' }, { key: 'dataset.source.dataset_id' },
  ]);
  const chooseUpload = (id: string): void => form.apply([
    { key: 'dataset.source.source_type', value: 'upload' }, { key: 'dataset.source.dataset_id', value: id }, { key: 'dataset.source.file_path' }, { key: 'dataset.source.repo_id' },
  ]);
  const chooseHub = (): void => {
    const id = repoId.trim();
    if (id !== '') form.apply([{ key: 'dataset.source.source_type', value: 'huggingface' }, { key: 'dataset.source.repo_id', value: id }, { key: 'dataset.source.file_path' }]);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const uri = uriOf(event.dataTransfer);
    // Read now: the browser forgets what was dropped when the event is over.
    const content = event.dataTransfer?.files[0];
    setRefused('');
    take(uri, content).catch((error: unknown) => setRefused(problemsOf(error).map(renderProblem).join(' '))).finally(() => setSent(undefined));
  };
  const take = async (uri: string | undefined, content: File | undefined): Promise<void> => {
    const file = uri === undefined ? null : await call('droppedDataset', { uri });
    if (file !== null) chooseFile(file);
    else if (content) chooseUpload(await uploadFile(call, content, setSent));
    else setRefused(l10n.t('What was dropped is no file of this machine. Use Browse instead.'));
  };
  return (
    <section
      aria-label={l10n.t('Choose a dataset')} class={`drop${isOver ? ' is-over' : ''}`}
      onDragOver={event => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop}
    >
      <Picks label={l10n.t('In the workspace')} picks={(files.value ?? []).map(file => ({ id: file, label: file, icon: 'table' }))} chosen={isHub ? undefined : chosen} onPick={chooseFile} />
      <div class="row">
        <Button onPress={() => void call('browseDataset', {}).then(file => { if (file !== null) chooseFile(file); })}>{l10n.t('Browse…')}</Button>
        <TextField label={l10n.t('Dataset id on the hub')} placeholder={l10n.t('Dataset id on the hub')} value={repoId} onValue={setRepoId} onEnter={chooseHub} />
        <Button onPress={chooseHub} disabled={repoId.trim() === ''}>{l10n.t('Use it')}</Button>
      </div>
      <p class="muted">{l10n.t('A file can be dropped here; from the explorer, hold Shift. One from another machine is copied.')}</p>
      {sent !== undefined && <div role="status">{l10n.t('Copying the file')} <ProgressBar label={l10n.t('Copying the file')} value={sent} /></div>}
      {refused !== '' && <p role="alert"><Visible text={refused} /></p>}
      <DatasetLookTable look={look} onOpen={() => void call('previewDataset', {})} />
    </section>
  );
}

/** Of a file dragged from VS Code's explorer, or from elsewhere where that says where it lies. */
function uriOf(data: DataTransfer | null): string | undefined {
  const list = data?.getData('application/vnd.code.uri-list') || data?.getData('text/uri-list') || '';
  return list.split(/\r?\n/).find(line => line !== '' && !line.startsWith('#'));
}
