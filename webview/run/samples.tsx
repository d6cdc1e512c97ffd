/** The same prompts, answered again at each evaluation; before training beside now. */
import { useState } from 'preact/hooks';
import type { SampleRound } from '../../src/shared/follow';
import { Answer, answersAt, Prompt, sampleSteps } from '../runParts';
import { Slider } from '../ui/controls';
import { formatCount } from '../ui/format';
import { l10n } from '../ui/l10n';

export function Samples({ rounds }: { rounds: readonly SampleRound[] }) {
  const steps = sampleSteps(rounds);
  /** Undefined: the newest, and those that follow. */
  const [chosen, setChosen] = useState<number>();
  if (rounds.length === 0) return <p class="muted">{l10n.t('No samples. A recipe that evaluates asks the same prompts at each evaluation.')}</p>;
  const found = chosen === undefined ? -1 : steps.indexOf(chosen);
  const at = found === -1 ? steps.length - 1 : found;
  const step = steps[at] ?? 0;
  return (
    <>
      {steps.length > 1 && (
        <Slider
          label={l10n.t('Answers at')} min={0} max={steps.length - 1} step={1} value={at} shown={l10n.t('step {0}', formatCount(step))}
          onValue={index => setChosen(index === steps.length - 1 ? undefined : steps[index])}
        />
      )}
      {answersAt(rounds, step).map(({ prompt, base, current }) => (
        <div key={prompt} class="answers is-pair">
          <Prompt text={prompt} />
          <div><h4>{l10n.t('Before training')}</h4><Answer text={base} /></div>
          <div><h4>{l10n.t('At step {0}', formatCount(step))}</h4><Answer text={current} /></div>
        </div>
      ))}
    </>
  );
}
