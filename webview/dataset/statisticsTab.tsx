/** Figures of the whole set: from a sample at once, exact as they come in. */
import { useEffect, useState } from 'preact/hooks';
import { isAbort, problemsOf } from '../../src/shared/calls';
import type { DatasetStatistics, Figure, RowPlace, RowStatistics, TextStatistics, TokenStatistics } from '../../src/shared/datasetPreview';
import type { DatasetMethods } from '../../src/shared/panels/dataset';
import type { Problem } from '../../src/shared/problem';
import { Busy, Button, ProgressBar } from '../ui/controls';
import { formatCount } from '../ui/format';
import type { Call } from '../ui/host';
import { l10n } from '../ui/l10n';
import { ProblemList } from '../ui/problemList';
import { Histogram } from './histogram';
import { figure } from './sourceLine';

interface StatisticsTabProps {
  call: Call<DatasetMethods>;
  settingsKey: string;
  /** Shows the row. */
  onRow: (row: number) => void;
  onOpen: (problem: Problem) => void;
}

export function StatisticsTab({ call, settingsKey, onRow, onOpen }: StatisticsTabProps) {
  const [statistics, setStatistics] = useState<DatasetStatistics>();
  const [failure, setFailure] = useState<Problem[]>([]);
  useEffect(() => {
    const controller = new AbortController();
    setStatistics(undefined);
    setFailure([]);
    call('statistics', {}, { signal: controller.signal, onProgress: setStatistics }).then(
      setStatistics, (error: unknown) => { if (!isAbort(error)) setFailure(problemsOf(error)); },
    );
    return () => controller.abort();
  }, [settingsKey]);
  if (failure.length > 0) return <ProblemList problems={failure} onOpen={onOpen} />;
  if (!statistics) return <Busy text={l10n.t('Reading a sample of the rows')} />;
  const { progress, rows, text, tokens, problems } = statistics;
  return (
    <div class="statistics">
      {progress.phase !== 'done' && (
        <div role="status">
          <ProgressBar label={l10n.t('Rows read')} value={progress.rowsTotal && progress.rowsDone / Math.max(1, progress.rowsTotal.value)} />
          <span class="muted">{progress.phase === 'sample' ? l10n.t('Reading a sample of the rows') : l10n.t('{0} rows read; figures marked ≈ become exact', formatCount(progress.rowsDone))}</span>
        </div>
      )}
      <ProblemList problems={problems} onOpen={onOpen} />
      <RowFigures rows={rows} onRow={onRow} />
      {tokens && <TokenFigures tokens={tokens} />}
      <TextFigures text={text} onRow={onRow} />
    </div>
  );
}

function RowFigures({ rows, onRow }: { rows: RowStatistics; onRow: (row: number) => void }) {
  return (
    <section>
      <h2>{l10n.t('Rows')}</h2>
      <Figures list={[
        [l10n.t('read'), rows.read], [l10n.t('usable'), rows.usable],
        [rows.removesDuplicates ? l10n.t('duplicates, removed') : l10n.t('duplicates, kept'), rows.duplicates],
        ...(rows.sameAnswers ? [[l10n.t('chosen equals rejected'), rows.sameAnswers] as const] : []), [l10n.t('with an empty column'), rows.empty],
      ]} />
      {rows.leftOut.length > 0 && (
        <table>
          <caption>{l10n.t('Left out')}</caption>
          <thead><tr><th scope="col">{l10n.t('Why')}</th><th scope="col" class="number">{l10n.t('Rows')}</th><th scope="col">{l10n.t('First')}</th></tr></thead>
          <tbody>
            {rows.leftOut.map(({ problemId, text, rows: count, first }) => (
              <tr key={problemId}><td>{text}</td><td class="number">{figure(count)}</td><td><RowLink place={first} onRow={onRow} /></td></tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function TokenFigures({ tokens }: { tokens: TokenStatistics }) {
  const { step } = tokens;
  const unit = l10n.t('tokens');
  return (
    <section>
      <h2>{l10n.t('Tokens')}</h2>
      <Figures list={[
        [l10n.t('tokens an epoch'), tokens.total], [l10n.t('of them trained'), tokens.trained],
        [l10n.t('rows with something cut'), percent(tokens.truncatedFraction)], [l10n.t('prompts cut'), tokens.promptsCut], [l10n.t('responses cut'), tokens.responsesCut],
        [l10n.t('left out as too long'), tokens.tooLong], [l10n.t('without a stop token'), tokens.withoutStop], [l10n.t('with several BOS'), tokens.severalBos],
      ]} />
      <div class="histograms">
        <Histogram title={l10n.t('Row')} unit={unit} distribution={tokens.lengths} />
        <Histogram title={l10n.t('Prompt')} unit={unit} distribution={tokens.promptLengths} />
        {tokens.responseLengths.chosen && <Histogram title={l10n.t('Chosen')} unit={unit} distribution={tokens.responseLengths.chosen} />}
        {tokens.responseLengths.rejected && <Histogram title={l10n.t('Rejected')} unit={unit} distribution={tokens.responseLengths.rejected} />}
        {tokens.chosenToRejected && <Histogram title={l10n.t('Chosen to rejected')} unit={l10n.t('ratio')} distribution={tokens.chosenToRejected} write={ratio} />}
      </div>
      <h3>{l10n.t('What a step holds')}</h3>
      <p>{l10n.t('{0} rows in {1} micro-batches of {2}; {3} tokens on average, at most {4}. One epoch is {5} steps.', step.rows, step.accumulationSteps,
        step.microBatchRows, figure(step.meanTokens, rounded), figure(step.largestTokens, rounded), figure(step.stepsPerEpoch, rounded))}</p>
    </section>
  );
}

function TextFigures({ text, onRow }: { text: TextStatistics; onRow: (row: number) => void }) {
  const unit = l10n.t('characters');
  return (
    <section>
      <h2>{l10n.t('Text')}</h2>
      <div class="histograms">
        <Histogram title={l10n.t('Prompt')} unit={unit} distribution={text.promptCharacters} />
        {text.responseCharacters.chosen && <Histogram title={l10n.t('Chosen')} unit={unit} distribution={text.responseCharacters.chosen} />}
        {text.responseCharacters.rejected && <Histogram title={l10n.t('Rejected')} unit={unit} distribution={text.responseCharacters.rejected} />}
        {text.chosenToRejected && <Histogram title={l10n.t('Chosen to rejected')} unit={l10n.t('ratio')} distribution={text.chosenToRejected} write={ratio} />}
      </div>
      {text.languages.length > 0 && (
        <p>{l10n.t('Languages, of a sample:')} {text.languages.map(({ name, fraction }) => `${name} ${Math.round(100 * fraction)} %`).join(', ')}</p>
      )}
      {text.controlCharacters.value > 0 && (
        <p>{l10n.t('Rows with control or bidi characters:')} {figure(text.controlCharacters)} {text.controlCharacterRows.map(place => <RowLink key={place.row} place={place} onRow={onRow} />)}</p>
      )}
    </section>
  );
}

/** Label and figure, one under another. */
function Figures({ list }: { list: readonly (readonly [string, Figure | string])[] }) {
  return <dl class="figures">{list.map(([label, value]) => <div key={label}><dt class="muted">{label}</dt><dd>{typeof value === 'string' ? value : figure(value)}</dd></div>)}</dl>;
}

function RowLink({ place, onRow }: { place: RowPlace; onRow: (row: number) => void }) {
  return <Button onPress={() => onRow(place.row)} label={l10n.t('Show row {0}', place.row)}>{formatCount(place.row)}</Button>;
}

function percent({ value, isExact }: Figure): string {
  return figure({ value: 100 * value, isExact }, shown => `${shown.toFixed(1)} %`);
}

const ratio = (value: number): string => value.toFixed(2);
const rounded = (value: number): string => formatCount(Math.round(value));
