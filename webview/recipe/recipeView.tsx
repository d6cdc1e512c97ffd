/** The wizard: five steps over one recipe, what it will need beside them, and one primary button. */
import { useMemo, useRef, useState } from 'preact/hooks';
import { problemsOf } from '../../src/shared/calls';
import type { RecipeMethods, RecipeState } from '../../src/shared/panels/recipe';
import type { Problem } from '../../src/shared/problem';
import { Busy, Button, tabId, Tabs, TextField } from '../ui/controls';
import { saveState, savedState, type Call } from '../ui/host';
import { l10n } from '../ui/l10n';
import { ProblemList } from '../ui/problemList';
import type { ViewProps } from '../ui/startView';
import { Visible } from '../ui/visible';
import { Checks } from './castStep';
import { DatasetPicker } from './datasetStep';
import { FieldRows, StepFields } from './fieldList';
import type { FieldActions } from './fieldRow';
import { MethodPicker } from './methodStep';
import { ModelPicker } from './modelStep';
import { SideColumn } from './sideColumn';
import { castWord, foundFields, STEPS, stepOfProblem, stepTitle, type Step } from './steps';
import { isSame, useForm } from './useForm';

export function RecipeView({ state, call }: ViewProps<RecipeMethods, RecipeState>) {
  if (!state) return <Busy text={l10n.t('Reading the recipe')} />;
  if (state.written === null) return <Unreadable state={state} call={call} />;
  return <Wizard state={state} call={call} />;
}

/** The text is no JSON: only the text editor can mend that. */
function Unreadable({ state: { title, problems }, call }: { state: RecipeState; call: Call<RecipeMethods> }) {
  return (
    <>
      <h1><Visible text={title} /></h1>
      <ProblemList problems={problems} />
      <p><Button appearance="primary" onPress={() => void call('showText', {})}>{l10n.t('Open the text')}</Button></p>
    </>
  );
}

const isStep = (value: unknown): value is Step => STEPS.some(step => step === value);

function Wizard({ state, call }: { state: RecipeState; call: Call<RecipeMethods> }) {
  const { fields, title, presets, isTrusted, assessment } = state;
  const form = useForm(state, call);
  const [step, setStep] = useState<Step>(() => savedState(isStep) ?? 'model');
  const [query, setQuery] = useState('');
  const [failure, setFailure] = useState<Problem[]>([]);
  const [isCasting, setCasting] = useState(false);

  const { problems } = form;
  const hasErrors = problems.some(({ severity }) => severity === 'error');
  const goTo = (next: string): void => {
    if (!isStep(next)) return;
    setStep(next);
    setQuery('');
    saveState(next);
  };
  // Rows are drawn again when their field changes, not when these do: the newest form is reached through a box.
  const newest = useRef(form);
  newest.current = form;
  const actions = useMemo((): FieldActions => ({
    set: (key, value) => newest.current.set(key, value),
    reset: key => newest.current.apply([{ key }]),
    fix: ({ fix }) => { if (fix?.set) newest.current.apply([fix.set]); },
    showText: key => void call('showText', { key }),
  }), [call]);
  const open = ({ where }: Problem): void => {
    if (where?.file !== undefined) void call('openFile', { file: where.file, ...(where.line !== undefined && { line: where.line }) });
  };
  const cast = async (): Promise<void> => {
    setCasting(true);
    setFailure([]);
    try {
      await newest.current.settled();
      const result = await call('cast', {});
      if ('problems' in result) {
        setFailure(result.problems);
        goTo('cast');
      }
    } catch (error) {
      setFailure(problemsOf(error));
    } finally {
      setCasting(false);
    }
  };
  const tabs = STEPS.map((id, i) => {
    const own = problems.filter(problem => problem.severity !== 'info' && stepOfProblem(problem, fields) === id);
    const isKnown = assessment !== undefined || own.length > 0;
    return { id, label: `${i + 1} ${stepTitle(id)}`, badge: own.length > 0 ? String(own.length) : isKnown ? '✓' : undefined };
  });
  const shared = { fields, form, actions };
  const found = query.trim() === '' ? undefined : foundFields(fields, query);

  return (
    <div class="wizard">
      <header class="row spread">
        <h1><Visible text={title} /></h1>
        <div class="row">
          <TextField label={l10n.t('Search all fields')} placeholder={l10n.t('Search all fields')} value={query} onValue={setQuery} />
          <Button onPress={() => void call('showText', {})}>{l10n.t('Show JSON')}</Button>
          <Button
            appearance="primary" onPress={() => void cast()} disabled={!isTrusted || isCasting || hasErrors}
            title={!isTrusted ? l10n.t('This workspace is not trusted, and a recipe names files to read.') : hasErrors ? l10n.t('Mend the errors first.') : castWord()}
          >{castWord()}</Button>
        </div>
      </header>
      {!isTrusted && (
        <p class="notice row">{l10n.t('This workspace is not trusted, and a recipe names files to read.')} <Button onPress={() => void call('manageTrust', {})}>{l10n.t('Manage trust')}</Button></p>
      )}
      <Tabs label={l10n.t('Steps')} tabs={tabs} active={step} onSelect={goTo} />
      {isCasting && <Busy text={l10n.t('Checking, then starting the run')} />}
      <ProblemList problems={failure.filter(problem => !problems.some(one => isSame(one, problem)))} onFix={actions.fix} onOpen={open} />
      <div class="columns">
        {found ? (
          <div class="panel" role="region" aria-label={l10n.t('Fields found')}>
            <p class="muted" role="status">{l10n.t('{0} of {1} fields', found.length, foundFields(fields, '').length)}</p>
            <FieldRows shown={found} {...shared} />
          </div>
        ) : (
          <div class="panel" role="tabpanel" aria-labelledby={tabId(step)}>
            {step === 'model' && <ModelPicker form={form} call={call} isTrusted={isTrusted} />}
            {step === 'dataset' && <DatasetPicker form={form} call={call} isTrusted={isTrusted} version={state.version} />}
            {step === 'method' && <MethodPicker presets={presets} form={form} />}
            {step === 'cast' && <Checks state={state} problems={problems} onFix={actions.fix} onOpen={open} />}
            <StepFields key={step} step={step} {...shared} without={step === 'method' ? ['training_mode'] : []} />
          </div>
        )}
        <SideColumn state={state} form={form} />
      </div>
    </div>
  );
}
