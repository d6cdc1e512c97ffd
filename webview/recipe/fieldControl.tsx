/** The control of one field, by its kind. */
import { useEffect, useState } from 'preact/hooks';
import type { FormField } from '../../src/shared/panels/recipe';
import { Checkbox, Dropdown, TextArea, TextField } from '../ui/controls';
import { l10n } from '../ui/l10n';
import { parseTyped, typedText } from './values';

interface Props {
  field: FormField;
  value: unknown;
  describedBy: string;
  invalid: boolean;
  onValue: (value: unknown) => void;
  /** Whether what is typed is no value at all. */
  onUnreadable: (isUnreadable: boolean) => void;
}

/** A dropdown's choice of null. */
const NULL = '';

export function FieldControl(props: Props) {
  const { field, value, describedBy, onValue } = props;
  const { kind, choices, isNullable, title: label } = field;
  if (kind === 'boolean' && !isNullable) {
    return <Checkbox label={label} hidesLabel checked={value === true} describedBy={describedBy} onValue={onValue} />;
  }
  if (kind === 'boolean') {
    const options = [{ value: NULL, label: l10n.t('by method') }, { value: 'true', label: l10n.t('on') }, { value: 'false', label: l10n.t('off') }];
    return <Dropdown label={label} value={value === true ? 'true' : value === false ? 'false' : NULL} choices={options} describedBy={describedBy} onValue={text => onValue(text === NULL ? null : text === 'true')} />;
  }
  if (kind === 'choice') {
    const options = [...(isNullable ? [{ value: NULL, label: l10n.t('automatic') }] : []), ...(choices ?? []).map(choice => ({ value: choice, label: choice }))];
    const chosen = typeof value === 'string' ? value : NULL;
    // A value that is no choice (typed in the text) is shown as it is.
    const all = options.some(option => option.value === chosen) ? options : [{ value: chosen, label: chosen }, ...options];
    return <Dropdown label={label} value={chosen} choices={all} describedBy={describedBy} onValue={text => onValue(text === NULL ? null : text)} />;
  }
  if (kind === 'list' && choices) return <ChoiceList {...props} choices={choices} />;
  return <TypedControl {...props} />;
}

function ChoiceList({ field, value, onValue, choices }: Props & { choices: readonly string[] }) {
  const chosen: unknown[] = Array.isArray(value) ? value : [];
  return (
    <span class="choice-list" role="group" aria-label={field.title}>
      {choices.map(choice => (
        <Checkbox
          key={choice} label={choice} checked={chosen.includes(choice)}
          onValue={isOn => onValue(choices.filter(one => (one === choice ? isOn : chosen.includes(one))))}
        />
      ))}
    </span>
  );
}

/** Keeps what is typed as it is typed, while that means the field's value. */
function TypedControl({ field, value, describedBy, invalid, onValue, onUnreadable }: Props) {
  const [typed, setTyped] = useState<string>();
  const parsed = typed === undefined ? undefined : parseTyped(field, typed);
  // The value changed by another hand (undo, the text editor): that is shown.
  useEffect(() => {
    if (parsed && JSON.stringify(parsed.value) !== JSON.stringify(value)) setTyped(undefined);
  }, [JSON.stringify(value)]);
  const isUnreadable = typed !== undefined && parsed === undefined;
  useEffect(() => onUnreadable(isUnreadable), [isUnreadable]);

  const take = (text: string): void => {
    setTyped(text);
    const next = parseTyped(field, text);
    if (next) onValue(next.value);
  };
  const text = typed ?? typedText(field, value);
  const shared = { label: field.title, value: text, onValue: take, describedBy, invalid };
  const isLong = field.kind === 'list' || field.kind === 'map' || /template$|system_prompt$|notes$/.test(field.key);
  if (isLong) return <TextArea {...shared} rows={Math.min(8, Math.max(2, text.split('\n').length))} />;
  return <TextField {...shared} placeholder={field.isNullable ? l10n.t('none') : ''} />;
}
