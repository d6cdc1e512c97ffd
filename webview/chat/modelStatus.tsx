/** Whether the models are ready, and what they take. */
import type { ChatModelState } from '../../src/shared/panels/chat';
import { Busy, Button, ProgressBar } from '../ui/controls';
import { formatBytes, formatCount } from '../ui/format';
import { l10n } from '../ui/l10n';
import { ProblemList } from '../ui/problemList';

export function ModelStatus({ model, open }: { model: ChatModelState; open: () => void }) {
  switch (model.status) {
    case 'opening': {
      const { file, fraction } = model;
      if (file === null || fraction === null) return <Busy text={l10n.t('Opening the model…')} />;
      const text = l10n.t('Downloading {0}: {1} %', file, Math.floor(fraction * 100));
      return <div class="download"><p class="muted" role="status">{text}</p><ProgressBar label={text} value={fraction} /></div>;
    }
    case 'ready':
      return (
        <p class="muted">
          {l10n.t('{0} in memory · context of {1} tokens', formatBytes(model.memoryBytes), formatCount(model.maxLength))}
          {!model.hasTemplate && ` · ${l10n.t('no chat template: it goes on from the text as it is')}`}
        </p>
      );
    case 'failed':
      return <><ProblemList problems={model.problems} /><Button onPress={open}>{l10n.t('Try again')}</Button></>;
  }
}
