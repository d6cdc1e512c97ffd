/** The fields of a step: first those that matter, then the folded rest. */
import { useState } from 'preact/hooks';
import type { FormField } from '../../src/shared/panels/recipe';
import { l10n } from '../ui/l10n';
import { FieldRow, type FieldActions } from './fieldRow';
import { fieldsOfStep, isUsed, type Step } from './steps';
import type { Form } from './useForm';

interface Shared {
  fields: readonly FormField[];
  form: Form;
  actions: FieldActions;
}

/** `without`: keys that the step shows in its own way. */
export function StepFields({ fields, step, form, actions, without = [] }: Shared & { step: Step; without?: readonly string[] }) {
  const own = fields.filter(({ key }) => !without.includes(key));
  const { first, folded } = fieldsOfStep(own, step, form.valueOf);
  const [isOpen, setOpen] = useState(false);
  const changed = folded.filter(form.isChanged).length, wrong = folded.filter(({ key }) => form.problemsOf(key).length > 0).length;
  const marks = [changed > 0 ? l10n.t('{0} changed', changed) : '', wrong > 0 ? l10n.t('{0} with problems', wrong) : ''].filter(Boolean).join(', ');
  return (
    <>
      <FieldRows shown={first} fields={fields} form={form} actions={actions} />
      {folded.length > 0 && (
        <details class="folded" open={isOpen} onToggle={event => setOpen(event.currentTarget.open)}>
          <summary>{l10n.t('{0} more', folded.length)}{marks !== '' && <span class="muted"> · {marks}</span>}</summary>
          {isOpen && <FieldRows shown={folded} fields={fields} form={form} actions={actions} />}
        </details>
      )}
    </>
  );
}

export function FieldRows({ shown, fields, form, actions }: Shared & { shown: readonly FormField[] }) {
  return (
    <>
      {shown.map(field => (
        <FieldRow
          key={field.key} field={field} value={form.valueOf(field.key)} isChanged={form.isChanged(field)} problems={form.problemsOf(field.key)}
          isIdle={!isUsed(field, form.valueOf)} isTextOnly={field.kind === 'list' && fields.some(({ key }) => key.startsWith(`${field.key}.*.`))} actions={actions}
        />
      ))}
    </>
  );
}
