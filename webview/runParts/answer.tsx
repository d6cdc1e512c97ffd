/** A model's answer to a prompt, as text whatever it holds. */
import { l10n } from '../ui/l10n';
import { Visible } from '../ui/visible';

export function Answer({ text }: { text: string | undefined }) {
  if (text === undefined) return <p class="muted">{l10n.t('Not asked')}</p>;
  if (text === '') return <p class="muted">{l10n.t('Empty answer')}</p>;
  return <p class="answer"><Visible text={text} keep={'\n'} /></p>;
}

export function Prompt({ text }: { text: string }) {
  return <h3 class="prompt"><Visible text={text} keep={'\n'} /></h3>;
}
