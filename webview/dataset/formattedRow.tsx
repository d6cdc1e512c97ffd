/** A row as the text that is tokenised: prompt muted, response in the trained colour. */
import type { FormattedRowPreview, ResponseName } from '../../src/shared/datasetPreview';
import { l10n } from '../ui/l10n';
import { Cut } from './rowDetail';
import { Visible } from '../ui/visible';

export function FormattedRow({ row, format }: { row: FormattedRowPreview; format: string }) {
  if (row.sequences.length === 0) return <p class="empty">{l10n.t('The row is left out.')}</p>;
  return (
    <>
      {row.sequences.map(({ response, parts }) => (
        <section key={response} class={`sequence is-${response}`}>
          <h2>{responseName(response)} <span class="muted">{format}</span></h2>
          <div class="long-text">
            {parts.map((part, i) => (
              <span key={i} class={`part is-${part.kind}`}>
                <span class="sr-only">{part.kind === 'prompt' ? l10n.t('Prompt: ') : l10n.t('Response: ')}</span>
                <Visible text={part.text} keep={'\n\t'} />{part.length > part.text.length && <Cut hidden={part.length - part.text.length} />}
              </span>
            ))}
          </div>
        </section>
      ))}
    </>
  );
}

export function responseName(response: ResponseName): string {
  return response === 'chosen' ? l10n.t('Chosen') : l10n.t('Rejected');
}
