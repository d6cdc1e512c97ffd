/** One message, and each side's answer beside the other's. */
import type { Answer, ChatSide, Side, Turn } from '../../src/shared/panels/chat';
import { IconButton } from '../ui/controls';
import { formatCount } from '../ui/format';
import { l10n } from '../ui/l10n';
import { ProblemList } from '../ui/problemList';
import { Visible } from '../ui/visible';

/** Line breaks and tabs of an answer act; everything else that cannot be seen is drawn. */
const KEPT = '\n\t';

export function TurnView({ turn: { prompt, seed, answers }, sides, isFirst, addPair }: {
  turn: Turn; sides: readonly ChatSide[];
  /** A pair of a later message leaves out what was said before, and says so. */
  isFirst: boolean;
  addPair: (better: Side) => void;
}) {
  const hasPair = sides.length === 2 && sides.every(({ side }) => isWhole(answers[side]));
  return (
    <section class="turn" aria-label={l10n.t('Message')}>
      <div class="prompt"><Visible text={prompt} keep={KEPT} /></div>
      <div class="columns">
        {sides.map(({ side, name }) => {
          const answer = answers[side];
          return answer && (
            <article key={side} class={`answer is-${side} is-${answer.status}`} aria-label={l10n.t('Answer of {0}', name)}>
              <span class="who muted" aria-hidden="true"><Visible text={name} /></span>
              <div class="text"><Visible text={answer.text} keep={KEPT} />{answer.status === 'streaming' && <span class="caret" aria-hidden="true" />}</div>
              <ProblemList problems={answer.problems} />
              <div class="row spread foot">
                <span class="muted">{figures(answer, seed)}</span>
                {hasPair && <IconButton icon="thumbsup" label={pairLabel(name, isFirst)} onPress={() => addPair(side)} />}
              </div>
            </article>
          );
        })}
      </div>
    </section>
  );
}

function isWhole(answer: Answer | undefined): boolean {
  return answer !== undefined && answer.text.trim() !== '' && answer.status !== 'streaming' && answer.status !== 'failed';
}

function pairLabel(name: string, isFirst: boolean): string {
  return isFirst ? l10n.t('The answer of {0} is better: add the pair to a file', name)
    : l10n.t('The answer of {0} is better: add the pair to a file, without the messages before', name);
}

/** "48 tokens · 31.2 tokens/s · seed 7". */
function figures({ status, tokens, tokensPerSecond }: Answer, seed: number): string {
  if (status === 'streaming') return l10n.t('answering…');
  return [
    tokens > 0 ? l10n.t('{0} tokens', formatCount(tokens)) : '',
    tokensPerSecond === null ? '' : l10n.t('{0} tokens/s', tokensPerSecond.toPrecision(3)),
    { stopped: l10n.t('stopped'), cut: l10n.t('cut at the limit of tokens'), failed: l10n.t('failed'), done: '' }[status],
    l10n.t('seed {0}', seed),
  ].filter(text => text !== '').join(' · ');
}
