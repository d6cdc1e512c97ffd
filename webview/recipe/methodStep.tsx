/** How the model learns: the method, and what its preset would change, said before it changes anything. */
import { useState } from 'preact/hooks';
import type { FormPreset } from '../../src/shared/panels/recipe';
import { Button } from '../ui/controls';
import { l10n } from '../ui/l10n';
import { Picks } from './picks';
import type { Form } from './useForm';
import { shownValue } from './values';

export function MethodPicker({ presets, form }: { presets: readonly FormPreset[]; form: Form }) {
  const mode = form.valueOf('training_mode');
  const preset = presets.find(one => one.mode === mode);
  return (
    <section aria-label={l10n.t('Choose a method')}>
      <Picks
        label={l10n.t('Methods')} chosen={mode} onPick={id => form.apply([{ key: 'training_mode', value: id }])}
        picks={presets.map(({ mode: id, title, arxiv }) => ({ id, label: title, icon: 'circle-large-outline', detail: arxiv === undefined ? id : `${id} · arXiv ${arxiv}` }))}
      />
      {preset && <PresetMenu key={preset.mode} preset={preset} form={form} />}
    </section>
  );
}

function PresetMenu({ preset, form }: { preset: FormPreset; form: Form }) {
  const [isOpen, setOpen] = useState(false);
  const lines = preset.lines.filter(({ key, value }) => JSON.stringify(form.valueOf(key)) !== JSON.stringify(value));
  if (lines.length === 0) return <p class="muted">{l10n.t('All values of the preset for {0} are set.', preset.mode)}</p>;
  return (
    <details class="preset" open={isOpen} onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>{l10n.t('The preset for {0} would change {1} values', preset.mode, lines.length)}</summary>
      <table>
        <thead><tr><th scope="col">{l10n.t('Key')}</th><th scope="col">{l10n.t('Now')}</th><th scope="col">{l10n.t('Preset')}</th><th scope="col">{l10n.t('Why')}</th></tr></thead>
        <tbody>{lines.map(({ key, value, why }) => (
          <tr key={key}><th scope="row"><code>{key}</code></th><td>{shownValue(form.valueOf(key))}</td><td>{shownValue(value)}</td><td class="muted">{why}</td></tr>
        ))}</tbody>
      </table>
      <Button onPress={() => form.apply(lines.map(({ key, value }) => ({ key, value })))}>{l10n.t('Set these {0} values', lines.length)}</Button>
    </details>
  );
}
