/** How the next answers are drawn, and the system prompt. A value takes effect with Enter, or when its field is left. */
import { useEffect, useId, useState } from 'preact/hooks';
import type { ChatSettings } from '../../src/shared/panels/chat';
import { ANSWER_BOUNDS, type AnswerOptions, type Bounds } from '../../src/shared/sampling';
import { TextArea, TextField } from '../ui/controls';
import { l10n } from '../ui/l10n';

type Configure = (change: Partial<ChatSettings>) => void;

export function Settings({ settings, configure }: { settings: ChatSettings; configure: Configure }) {
  return (
    <section class="settings" aria-label={l10n.t('Sampling and system prompt')}>
      <div class="figures">
        {FIELDS.map(name => <Figure key={name} name={name} settings={settings} configure={configure} />)}
      </div>
      <System text={settings.system} configure={configure} />
    </section>
  );
}

const FIELDS: readonly (keyof AnswerOptions)[] = ['temperature', 'topP', 'topK', 'minP', 'repetitionPenalty', 'maxNewTokens', 'seed'];

/** The names that the field and other programs use. */
const LABELS: Record<keyof AnswerOptions, string> = {
  temperature: 'temperature', topP: 'top_p', topK: 'top_k', minP: 'min_p', repetitionPenalty: 'repetition_penalty', maxNewTokens: 'max_new_tokens', seed: 'seed',
};

function helpOf(name: keyof AnswerOptions): string {
  switch (name) {
    case 'temperature': return l10n.t('0 takes the likeliest token');
    case 'topP': return l10n.t('1 is off');
    case 'topK':
    case 'minP': return l10n.t('0 is off');
    case 'repetitionPenalty': return l10n.t('1 is off');
    case 'maxNewTokens': return l10n.t('at most');
    case 'seed': return l10n.t('empty: another each time');
  }
}

function Figure({ name, settings, configure }: { name: keyof AnswerOptions; settings: ChatSettings; configure: Configure }) {
  const value = settings[name];
  const kept = value === null ? '' : String(value);
  const [typed, setTyped] = useState<string>();
  const help = useId();
  const text = typed ?? kept;
  const isWrong = !isGood(text, ANSWER_BOUNDS[name], name === 'seed');
  const commit = (): void => {
    if (typed === undefined || isWrong) return;
    setTyped(undefined);
    if (typed.trim() !== kept) configure({ [name]: typed.trim() === '' ? null : Number(typed) });
  };
  return (
    <div class="figure" onFocusOut={commit}>
      <span class="mono" aria-hidden="true">{LABELS[name]}</span>
      <TextField label={LABELS[name]} value={text} invalid={isWrong} describedBy={help} onValue={setTyped} onEnter={commit} />
      <span id={help} class={isWrong ? 'wrong' : 'muted'}>{isWrong ? range(ANSWER_BOUNDS[name]) : helpOf(name)}</span>
    </div>
  );
}

function isGood(text: string, { min, max, isInteger }: Bounds, mayBeEmpty: boolean): boolean {
  if (text.trim() === '') return mayBeEmpty;
  const value = Number(text);
  return value >= min && value <= max && (!isInteger || Number.isInteger(value));
}

function range({ min, max, isInteger }: Bounds): string {
  return isInteger ? l10n.t('a whole number from {0} to {1}', min, max) : l10n.t('a number from {0} to {1}', min, max);
}

function System({ text, configure }: { text: string; configure: Configure }) {
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);
  return (
    <div class="system" onFocusOut={() => { if (typed !== text) configure({ system: typed }); }}>
      <span aria-hidden="true">{l10n.t('System prompt')}</span>
      <TextArea label={l10n.t('System prompt')} value={typed} rows={3} onValue={setTyped} placeholder={l10n.t('none')} />
    </div>
  );
}
