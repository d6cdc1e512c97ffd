/** The chat: who answers, what was said, and the input. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ChatMethods, ChatState, SavedChat } from '../../src/shared/panels/chat';
import { Button, IconButton } from '../ui/controls';
import { saveState, savedState } from '../ui/host';
import { l10n } from '../ui/l10n';
import { ProblemList } from '../ui/problemList';
import type { ViewProps } from '../ui/startView';
import { useFailure } from '../ui/useFailure';
import { Visible } from '../ui/visible';
import { Composer } from './composer';
import { DataInvitation } from './dataInvitation';
import { ModelStatus } from './modelStatus';
import { Settings } from './settings';
import { TurnView } from './turnView';

export function ChatView({ state, call }: ViewProps<ChatMethods, ChatState>) {
  const [draft, setDraft] = useState(() => savedState(hasDraft)?.draft ?? '');
  const [isSettingsOpen, setSettingsOpen] = useState(false);
  const [failure, run] = useFailure();
  useFollow(state);
  useKept(state, draft);
  if (!state) return <div class="chat" />;

  const { turns, sides, settings, isAnswering, model } = state;
  const send = (): void => {
    if (draft.trim() === '' || isAnswering) return;
    run(call('send', { prompt: draft.trim() }));
    setDraft('');
  };
  return (
    <div class={`chat has-${sides.length}`}>
      <header class="row spread">
        <div>
          <h1><Visible text={state.title} /></h1>
          <ModelStatus model={model} open={() => run(call('open', {}))} />
        </div>
        <div class="row">
          <Button onPress={() => run(call('chooseModel', {}))}>{l10n.t('Another model…')}</Button>
          <IconButton icon="settings" label={l10n.t('Sampling and system prompt')} pressed={isSettingsOpen} onPress={() => setSettingsOpen(!isSettingsOpen)} />
          <IconButton icon="clear-all" label={l10n.t('Clear the conversation')} disabled={turns.length === 0} onPress={() => run(call('clear', {}))} />
        </div>
      </header>
      {isSettingsOpen && <Settings settings={settings} configure={change => run(call('configure', change))} />}
      <div class="columns names">
        {sides.map(({ side, name, detail }) => (
          <div key={side} class={`name is-${side}`}>
            <h2><Visible text={name} /></h2>
            <span class="muted"><Visible text={detail} /></span>
          </div>
        ))}
      </div>
      <div class="turns" role="log" aria-label={l10n.t('Conversation')} aria-live="off">
        {turns.length === 0 && <p class="empty">{sides.length === 2 ? l10n.t('Ask something: both answer the same question, each with its own memory of the conversation.') : l10n.t('Ask something.')}</p>}
        {turns.map((turn, index) => <TurnView key={index} turn={turn} sides={sides} isFirst={index === 0} addPair={better => run(call('addPair', { turn: index, better }))} />)}
      </div>
      <p role="status" class="sr-only">{isAnswering ? l10n.t('Answering') : turns.length > 0 ? l10n.t('Answered') : ''}</p>
      {failure && <ProblemList problems={failure} />}
      {state.pairFile !== null && (
        <p class="row muted"><span>{l10n.t('Pairs go to')} <Visible text={fileName(state.pairFile)} /></span> <Button onPress={() => run(call('openPairs', {}))}>{l10n.t('Open')}</Button></p>
      )}
      <Composer
        draft={draft} setDraft={setDraft} send={send} isAnswering={isAnswering} canSend={model.status !== 'failed'} canRepeat={turns.length > 0}
        stop={() => run(call('stop', {}))} regenerate={() => run(call('regenerate', {}))}
      />
      {state.invitesData && turns.length > 0 && <DataInvitation open={uri => run(call('openDataset', uri === undefined ? {} : { uri }))} />}
    </div>
  );
}

/** Keeps the end in sight while text comes, unless the reader has scrolled away from it. */
function useFollow(state: ChatState | undefined): void {
  const isAtEnd = useRef(true);
  useEffect(() => {
    const look = (): void => { isAtEnd.current = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - NEAR_PX; };
    window.addEventListener('scroll', look, { passive: true });
    return () => window.removeEventListener('scroll', look);
  }, []);
  useEffect(() => {
    if (isAtEnd.current && state && state.turns.length > 0) window.scrollTo({ top: document.documentElement.scrollHeight });
  }, [state?.turns]);
}

const NEAR_PX = 48;

/** What a reload finds again. While an answer streams nothing is written: the state is whole again at its end. */
function useKept(state: ChatState | undefined, draft: string): void {
  useEffect(() => {
    if (!state || state.isAnswering) return;
    const turns = state.turns.map(({ answers, ...turn }) => ({
      ...turn, answers: Object.fromEntries(Object.entries(answers).map(([side, { problems: _, ...answer }]) => [side, answer])),
    }));
    saveState({ settings: state.settings, turns, draft } satisfies SavedChat);
  }, [state?.turns, state?.settings, state?.isAnswering, draft]);
}

/** The host looks at all of it; here only the draft is used. */
function hasDraft(value: unknown): value is Pick<SavedChat, 'draft'> {
  return typeof value === 'object' && value !== null && 'draft' in value && typeof value.draft === 'string';
}

function fileName(file: string): string {
  return file.split(/[\\/]/).at(-1)!;
}
