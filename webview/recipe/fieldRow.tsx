/** One field: label, value, unit, bounds and default, a line of help, what the papers say, and what is wrong. */
import { memo } from 'preact/compat';
import { useId, useState } from 'preact/hooks';
import type { FormField } from '../../src/shared/panels/recipe';
import type { Problem } from '../../src/shared/problem';
import { Button, IconButton } from '../ui/controls';
import { l10n } from '../ui/l10n';
import { ProblemList } from '../ui/problemList';
import { boundsText, shownValue } from './values';
import { FieldControl } from './fieldControl';

export interface FieldActions {
  set: (key: string, value: unknown) => void;
  reset: (key: string) => void;
  fix: (problem: Problem) => void;
  showText: (key: string) => void;
}

interface Props {
  field: FormField;
  value: unknown;
  isChanged: boolean;
  problems: Problem[];
  /** It does nothing beside the other values. */
  isIdle: boolean;
  /** The entries of its list are objects, which only the text shows. */
  isTextOnly: boolean;
  actions: FieldActions;
}

export const FieldRow = memo(function FieldRow({ field, value, isChanged, problems, isIdle, isTextOnly, actions }: Props) {
  const id = useId();
  const [isUnreadable, setUnreadable] = useState(false);
  const { key, title, unit, help, hint, isRequired } = field;
  const bounds = boundsText(field);
  const isInvalid = isUnreadable || problems.some(({ severity }) => severity === 'error');
  return (
    <div class={`field${isChanged ? ' is-changed' : ''}${isIdle ? ' is-idle' : ''}`} data-key={key}>
      <div class="field-head">
        <span class="field-title">{title}</span>
        <code class="muted">{key}</code>
        {isChanged && <span class="changed" title={l10n.t('changed from the default')}><span class="sr-only">{l10n.t('changed from the default')}</span></span>}
      </div>
      <div class="field-value">
        {isTextOnly
          ? <Button onPress={() => actions.showText(key)}>{l10n.t('Edit {0} as text', title)}</Button>
          : <FieldControl field={field} value={value} describedBy={id} invalid={isInvalid} onValue={next => actions.set(key, next)} onUnreadable={setUnreadable} />}
        {unit !== undefined && <span class="muted">{unit}</span>}
        {!isRequired && <span class="muted default">{l10n.t('default {0}', shownValue(field.default))}</span>}
        {isChanged && !isRequired && <IconButton icon="discard" label={l10n.t('Reset {0} to its default', title)} onPress={() => actions.reset(key)} />}
      </div>
      <div id={id} class="field-help">
        <p>{help}{bounds !== '' && <span class="muted"> {bounds}.</span>}{isIdle && field.usedWhen && <span class="muted"> {l10n.t('Used only with {0} {1}.', field.usedWhen.key, field.usedWhen.isOneOf.map(shownValue).join(', '))}</span>}</p>
        {hint !== undefined && <p class="muted hint">{hint}</p>}
        {isUnreadable && <p class="unreadable" role="alert">{field.kind === 'map' ? l10n.t('Write one "column: name" a line.') : l10n.t('This is not a number.')}</p>}
      </div>
      <ProblemList problems={problems.map(withoutPlace)} onFix={actions.fix} />
    </div>
  );
}, (before, after) => JSON.stringify([before.value, before.isChanged, before.problems, before.isIdle]) === JSON.stringify([after.value, after.isChanged, after.problems, after.isIdle])
  && before.field === after.field);

/** It stands where it is about. */
function withoutPlace({ where: _here, ...problem }: Problem): Problem {
  return problem;
}
