/** A row as the exact tokens the model gets: what it learns in the trained colour, the prompt muted, specials outlined, cut ones struck through. */
import { useState } from 'preact/hooks';
import type { TokenLimits, TokenPreview, TokenRowPreview, TokenSequence } from '../../src/shared/datasetPreview';
import { visibleText } from '../../src/shared/visibleText';
import { Icon } from '../ui/controls';
import { formatCount } from '../ui/format';
import { l10n } from '../ui/l10n';
import { responseName } from './formattedRow';
import { Visible } from '../ui/visible';

export function TokenRow({ row, limits }: { row: TokenRowPreview; limits: TokenLimits }) {
  return (
    <>
      {!row.isKept && <Warning text={l10n.t('The row is left out: nothing of a response fits within max_length {0}.', limits.maxLength)} />}
      <Legend />
      {row.sequences.map(sequence => <Sequence key={sequence.response} sequence={sequence} />)}
    </>
  );
}

function Sequence({ sequence }: { sequence: TokenSequence }) {
  const { response, tokens, hiddenTokens, promptTokens, responseTokens, trainedTokens, promptTokensCut, responseTokensCut, stop, bosCount } = sequence;
  const [pointed, setPointed] = useState<number>();
  const cut = promptTokensCut + responseTokensCut;
  const counts = [
    l10n.t('{0} prompt', formatCount(promptTokens)), l10n.t('{0} response', formatCount(responseTokens)), l10n.t('{0} trained', formatCount(trainedTokens)),
    ...(cut === 0 ? [] : [l10n.t('{0} cut', formatCount(cut))]), l10n.t('stop token {0}', stop ?? l10n.t('missing')), l10n.t('BOS {0}×', bosCount),
  ];
  const at = pointed === undefined ? undefined : tokens[pointed];
  return (
    <section class={`sequence is-${response}`}>
      <h2>{responseName(response)} <span class="muted">{counts.join(' · ')}</span></h2>
      {stop === null && responseTokensCut === 0 && <Warning text={l10n.t('No stop token ends the response: the model may not learn to stop.')} />}
      {bosCount > 1 && <Warning text={l10n.t('BOS stands {0} times: the template and the tokenizer both add it.', bosCount)} />}
      <div
        class="tokens" tabIndex={0} role="group" aria-label={l10n.t('{0} tokens; arrow keys go through them', formatCount(tokens.length))}
        onKeyDown={event => {
          const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
          if (by === undefined) return;
          event.preventDefault();
          setPointed(old => Math.max(0, Math.min(tokens.length - 1, (old ?? -1) + by)));
        }}
        onMouseOver={event => {
          const index = (event.target as HTMLElement).closest<HTMLElement>('[data-token]')?.dataset.token;
          if (index !== undefined) setPointed(Number(index));
        }}
      >
        {tokens.map((token, i) => <Token key={i} index={i} token={token} isPointed={i === pointed} />)}
        {hiddenTokens > 0 && <span class="muted">{l10n.t('… {0} more tokens', formatCount(hiddenTokens))}</span>}
      </div>
      <p class="pointed mono" role="status">{at ? describe(at, pointed!) : l10n.t('Point at a token for its id.')}</p>
    </section>
  );
}

function Token({ token, index, isPointed }: { token: TokenPreview; index: number; isPointed: boolean }) {
  const kinds = ['token', token.isTrained ? 'is-trained' : 'is-prompt', ...(token.isSpecial ? ['is-special'] : []), ...(token.isCut ? ['is-cut'] : []), ...(isPointed ? ['is-pointed'] : [])];
  const endsLine = token.text.includes('\n');
  return <><span class={kinds.join(' ')} data-token={index}><Visible text={token.text === '' ? '∅' : token.text} /></span>{endsLine && <br />}</>;
}

function describe(token: TokenPreview, index: number): string {
  const part = token.part === 'prompt' ? l10n.t('prompt') : l10n.t('response');
  const kinds = [part, token.isTrained ? l10n.t('trained') : l10n.t('not trained'), ...(token.isSpecial ? [l10n.t('special')] : []), ...(token.isCut ? [l10n.t('cut away')] : [])];
  return `#${index}  id ${token.id}  "${visibleText(token.text)}"  ${kinds.join(', ')}`;
}

function Legend() {
  return (
    <p class="legend">
      <span class="token is-trained">{l10n.t('trained')}</span> <span class="token is-prompt">{l10n.t('prompt')}</span>
      {' '}<span class="token is-prompt is-special">{l10n.t('special')}</span> <span class="token is-prompt is-cut">{l10n.t('cut away')}</span>
    </p>
  );
}

function Warning({ text }: { text: string }) {
  return <p class="warning-band"><Icon name="warning" /> {text}</p>;
}
