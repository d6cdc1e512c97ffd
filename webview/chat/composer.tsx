/** The input. Enter sends, Shift+Enter begins a line. */
import { Button, IconButton, TextArea } from '../ui/controls';
import { l10n } from '../ui/l10n';

export function Composer({ draft, setDraft, send, stop, regenerate, isAnswering, canSend, canRepeat }: {
  draft: string; setDraft: (text: string) => void; send: () => void; stop: () => void; regenerate: () => void; isAnswering: boolean; canSend: boolean; canRepeat: boolean;
}) {
  const key = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (canSend) send();
  };
  return (
    <div class="composer">
      <TextArea label={l10n.t('Message')} value={draft} onValue={setDraft} rows={2} placeholder={l10n.t('Enter sends, Shift+Enter begins a line')} onKeyDown={key} />
      <div class="row">
        {isAnswering
          ? <Button appearance="primary" onPress={stop}>{l10n.t('Stop')}</Button>
          : <Button appearance="primary" disabled={!canSend || draft.trim() === ''} onPress={send}>{l10n.t('Send')}</Button>}
        <IconButton icon="refresh" label={l10n.t('Regenerate with the same seed for both')} disabled={isAnswering || !canRepeat || !canSend} onPress={regenerate} />
      </div>
    </div>
  );
}
