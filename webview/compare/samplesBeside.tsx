/** The newest answers of every run to the same prompts. */
import type { ComponentChildren } from 'preact';
import type { RunSnapshot } from '../../src/shared/follow';
import { Answer, answersAt, Prompt, sampleSteps } from '../runParts';
import { formatCount } from '../ui/format';
import { l10n } from '../ui/l10n';

export function SamplesBeside({ runs, columns }: { runs: readonly RunSnapshot[]; columns: readonly { id: string; head: ComponentChildren }[] }) {
  const newest = runs.map(({ samples }) => {
    const step = sampleSteps(samples).at(-1);
    return { step, answers: answersAt(samples, step ?? 0) };
  });
  const prompts = [...new Set(newest.flatMap(({ answers }) => answers.map(({ prompt }) => prompt)))];
  if (prompts.length === 0) return <p class="muted">{l10n.t('None of the runs has samples')}</p>;
  return prompts.map(prompt => (
    <div key={prompt} class="answers is-many">
      <Prompt text={prompt} />
      {newest.map(({ step, answers }, i) => (
        <div key={columns[i]!.id}>
          <h4>{columns[i]!.head} {step !== undefined && l10n.t('at step {0}', formatCount(step))}</h4>
          <Answer text={answers.find(answer => answer.prompt === prompt)?.current} />
        </div>
      ))}
    </div>
  ));
}
