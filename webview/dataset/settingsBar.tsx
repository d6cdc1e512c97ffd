/** What decides how the rows are read: method, format, model, lengths. The same keys as in a recipe. */
import { useState } from 'preact/hooks';
import type { ParamsOf } from '../../src/shared/calls';
import type { DatasetMethods, DatasetState } from '../../src/shared/panels/dataset';
import { Button, Dropdown, TextField } from '../ui/controls';
import { l10n } from '../ui/l10n';

const MODEL_CHARACTERS = 36;

export type Configure = (change: ParamsOf<DatasetMethods['configure']>) => void;

export function SettingsBar({ state: { settings, methods, formats }, configure, chooseModel }: { state: DatasetState; configure: Configure; chooseModel: () => void }) {
  const modelName = settings.model === null ? l10n.t('none') : shortened(settings.model);
  return (
    <div class="settings" role="group" aria-label={l10n.t('How the rows are read')}>
      <Setting label={l10n.t('Method')}>
        <Dropdown label={l10n.t('Method')} value={settings.method} choices={asChoices(methods)} onValue={value => configure({ method: value })} />
      </Setting>
      <Setting label={l10n.t('Format')}>
        <Dropdown label={l10n.t('Format')} value={settings.format} choices={asChoices(formats)} onValue={value => configure({ format: value })} />
      </Setting>
      <Setting label={l10n.t('Model')}>
        <Button onPress={chooseModel} label={l10n.t('Model: {0}. Choose another.', modelName)}>{modelName}</Button>
      </Setting>
      <Length label="max_length" value={settings.maxLength} onValue={value => configure({ maxLength: value })} />
      <Length label="max_prompt_length" value={settings.maxPromptLength} onValue={value => configure({ maxPromptLength: value })} />
    </div>
  );
}

function Setting({ label, children }: { label: string; children: preact.ComponentChildren }) {
  return <div class="setting"><span class="muted" aria-hidden="true">{label}</span>{children}</div>;
}

/** Takes effect with Enter, or when the field is left. */
function Length({ label, value, onValue }: { label: string; value: number; onValue: (value: number) => void }) {
  const [typed, setTyped] = useState<string>();
  const number = Number(typed);
  const isWrong = typed !== undefined && !(Number.isInteger(number) && number >= 1 && number <= 1_000_000);
  const commit = (): void => {
    if (typed !== undefined && !isWrong && number !== value) onValue(number);
    if (!isWrong) setTyped(undefined);
  };
  return (
    <Setting label={label}>
      <span class="length" onFocusOut={commit}>
        <TextField label={l10n.t('{0}, tokens', label)} value={typed ?? String(value)} invalid={isWrong} onValue={setTyped} onEnter={commit} />
      </span>
    </Setting>
  );
}

/** The end of a path or id, where the names differ. */
function shortened(model: string): string {
  return model.length <= MODEL_CHARACTERS ? model : `…${model.slice(1 - MODEL_CHARACTERS)}`;
}

function asChoices(values: readonly string[]): { value: string; label: string }[] {
  return values.map(value => ({ value, label: value }));
}
