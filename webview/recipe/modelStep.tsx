/** Which model is tuned: one of this machine, or one that the hub finds. */
import { useState } from 'preact/hooks';
import type { ModelChoice, RecipeMethods } from '../../src/shared/panels/recipe';
import { Button, Busy, TextField } from '../ui/controls';
import { formatBytes, formatCount } from '../ui/format';
import type { Call } from '../ui/host';
import { l10n } from '../ui/l10n';
import { ProblemList } from '../ui/problemList';
import { Picks, type Pick } from './picks';
import { useAnswer } from './useAnswer';
import type { Form } from './useForm';

const ICONS = { apprentice: 'wand', folder: 'folder', gguf: 'file-binary', cached: 'database' } as const;
const SEARCH_PAUSE_MS = 300;
/** The hub finds everything for one letter. */
const SHORTEST_QUERY = 2;

export function ModelPicker({ form, call, isTrusted }: { form: Form; call: Call<RecipeMethods>; isTrusted: boolean }) {
  const chosen = form.valueOf('base_model');
  const [query, setQuery] = useState('');
  const words = query.trim();
  const local = useAnswer(isTrusted ? 'local' : undefined, signal => call('localModels', {}, { signal }));
  const hub = useAnswer(words.length < SHORTEST_QUERY ? undefined : words, signal => call('searchModels', { query: words }, { signal }), SEARCH_PAUSE_MS);
  const choose = (id: string): void => form.apply([{ key: 'base_model', value: id }]);
  const browse = (kind: 'folder' | 'gguf'): void => void call('browseModel', { kind }).then(id => { if (id !== null) choose(id); });
  return (
    <section aria-label={l10n.t('Choose a model')}>
      <Picks label={l10n.t('On this machine')} picks={(local.value ?? []).map(pickOf)} chosen={chosen} onPick={choose}>
        {local.isWaiting && <Busy text={l10n.t('Looking for models')} />}
      </Picks>
      <ProblemList problems={local.problems} />
      <div class="row model-search">
        <TextField label={l10n.t('Search the Hugging Face Hub')} placeholder={l10n.t('Search the Hugging Face Hub')} value={query} onValue={setQuery} />
        <Button onPress={() => browse('folder')}>{l10n.t('Folder…')}</Button>
        <Button onPress={() => browse('gguf')}>{l10n.t('GGUF file…')}</Button>
      </div>
      {hub.isWaiting && <Busy text={l10n.t('Asking the hub')} />}
      <ProblemList problems={hub.problems} />
      {hub.value && (hub.value.length === 0 ? <p class="muted">{l10n.t('The hub has no such model.')}</p> : (
        <Picks
          label={l10n.t('On the hub')} chosen={chosen} onPick={choose}
          picks={hub.value.map(({ id, downloads, isGated }) => ({
            id, label: id, icon: isGated ? 'lock' : 'cloud-download', detail: [l10n.t('{0} downloads', formatCount(downloads)), isGated ? l10n.t('gated') : ''].filter(Boolean).join(', '),
          }))}
        />
      ))}
    </section>
  );
}

function pickOf({ id, label, kind, sizeBytes }: ModelChoice): Pick {
  return { id, label, icon: ICONS[kind], detail: sizeBytes === undefined ? kindName(kind) : formatBytes(sizeBytes) };
}

function kindName(kind: ModelChoice['kind']): string {
  switch (kind) {
    case 'apprentice': return l10n.t('built in');
    case 'folder': return l10n.t('folder');
    case 'gguf': return l10n.t('GGUF file');
    case 'cached': return l10n.t('in the cache');
  }
}
