/** What the recipe needs and does, always beside the form: memory, time, data, and what a step sees. */
import type { ComponentChildren } from 'preact';
import type { RecipeState } from '../../src/shared/panels/recipe';
import type { DataOutlook, MemoryOutlook, RecipeAssessment, StepOutlook } from '../../src/shared/recipeAssessment';
import { Button } from '../ui/controls';
import { formatBytes, formatCount, formatDuration } from '../ui/format';
import { l10n } from '../ui/l10n';
import { Visible } from '../ui/visible';
import type { Form } from './useForm';

const SHOWN_SAVINGS = 3;

export function SideColumn({ state, form }: { state: RecipeState; form: Form }) {
  const { assessment, isAssessing, isTrusted } = state;
  return (
    <aside class="side" aria-label={l10n.t('Outlook')} aria-busy={isAssessing}>
      {!isTrusted && <p class="muted">{l10n.t('Known once the workspace is trusted.')}</p>}
      {isTrusted && !assessment && <p class="muted" role="status">{isAssessing ? l10n.t('Looking at model, dataset and machine') : l10n.t('Known once the recipe has no errors.')}</p>}
      {assessment && (
        <dl class={isAssessing ? 'is-stale' : undefined}>
          <Fact name={l10n.t('Memory')}>{assessment.memory ? <Memory memory={assessment.memory} form={form} /> : l10n.t('not known')}</Fact>
          <Fact name={l10n.t('Time')}><Time assessment={assessment} isAssessing={isAssessing} /></Fact>
          <Fact name={l10n.t('Data')}>{assessment.data ? <Data data={assessment.data} /> : l10n.t('not known')}</Fact>
          {assessment.step && <Fact name={l10n.t('What a step sees')}><StepText step={assessment.step} /></Fact>}
        </dl>
      )}
    </aside>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return <div class="fact"><dt>{name}</dt><dd>{children}</dd></div>;
}

function Memory({ memory: { totalBytes, freeBytes, machineBytes, components, notes, savings }, form }: { memory: MemoryOutlook; form: Form }) {
  const needed = formatBytes(totalBytes);
  return (
    <>
      <p class="figure">{machineBytes === undefined ? l10n.t('≈ {0} of the graphics card', needed) : l10n.t('≈ {0} of {1}', needed, formatBytes(machineBytes))}</p>
      {machineBytes !== undefined && freeBytes !== undefined && (
        <>
          <meter class="memory" aria-label={l10n.t('Memory of the machine')} min={0} max={machineBytes} high={freeBytes} value={Math.min(totalBytes, machineBytes)} />
          <p class="muted">{l10n.t('{0} are free', formatBytes(freeBytes))}</p>
        </>
      )}
      <details>
        <summary>{l10n.t('Parts')}</summary>
        <ul class="parts">{components.map(({ name, bytes }) => <li key={name}><span>{name.replaceAll('_', ' ')}</span><span class="number">{formatBytes(bytes)}</span></li>)}</ul>
        {notes.map(note => <p key={note} class="muted"><Visible text={note} /></p>)}
      </details>
      {freeBytes !== undefined && totalBytes > freeBytes && savings.slice(0, SHOWN_SAVINGS).map(({ key, value, savedBytes, price }) => (
        <div key={key} class="saving">
          <Button onPress={() => form.apply([{ key, value }])}>{l10n.t('Set {0} to {1}', key, String(value))}</Button>
          <span class="muted">{l10n.t('{0} less, for {1}', formatBytes(savedBytes), price)}</span>
        </div>
      ))}
    </>
  );
}

function Time({ assessment: { time, timeNote }, isAssessing }: { assessment: RecipeAssessment; isAssessing: boolean }) {
  if (time) return <><p class="figure">≈ {formatDuration(time.seconds)}</p><p class="muted">{l10n.t('{0} a step, by this machine\'s measured speed', formatDuration(time.secondsPerStep))}</p></>;
  return <p class="muted">{timeNote === undefined ? (isAssessing ? l10n.t('measuring this machine') : l10n.t('not known')) : <Visible text={timeNote} />}</p>;
}

function Data({ data: { trainRows, evalRows, p95Tokens, longestTokens, cutFraction } }: { data: DataOutlook }) {
  return (
    <>
      <p class="figure">{trainRows === undefined ? l10n.t('only the first rows were read') : l10n.t('{0} rows', formatCount(trainRows))}{evalRows ? ` + ${l10n.t('{0} to evaluate on', formatCount(evalRows))}` : ''}</p>
      <p class="muted">{p95Tokens !== undefined && l10n.t('95 % up to {0} tokens, the longest {1}', formatCount(p95Tokens), formatCount(longestTokens))}</p>
      {cutFraction > 0 && <p class="muted">{l10n.t('{0} % of the rows are cut', Math.max(1, Math.round(100 * cutFraction)))}</p>}
    </>
  );
}

function StepText({ step: { rows, rowCount, microBatchRows, accumulation, meanTokens, totalSteps } }: { step: StepOutlook }) {
  return (
    <>
      <p class="figure">{rowsText(rows, rowCount)}{meanTokens !== undefined && `, ≈ ${l10n.t('{0} tokens', formatCount(meanTokens))}`}</p>
      <p class="muted">{accumulation === 1 ? l10n.t('all at once') : l10n.t('{0} at once, {1} times', microBatchRows, accumulation)}{totalSteps !== undefined && ` · ${l10n.t('{0} steps in all', formatCount(totalSteps))}`}</p>
    </>
  );
}

function rowsText(rows: StepOutlook['rows'], count: number): string {
  switch (rows) {
    case 'pairs': return count === 1 ? l10n.t('1 pair') : l10n.t('{0} pairs', formatCount(count));
    case 'answers': return count === 1 ? l10n.t('1 answer') : l10n.t('{0} answers', formatCount(count));
    case 'texts': return count === 1 ? l10n.t('1 text') : l10n.t('{0} texts', formatCount(count));
  }
}
