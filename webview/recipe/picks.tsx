/** A list of things to choose from, each a button; the chosen one is marked. */
import type { ComponentChildren } from 'preact';
import { Icon } from '../ui/controls';
import { Visible } from '../ui/visible';

export interface Pick {
  id: string;
  label: string;
  icon: string;
  /** Small, beside the label. */
  detail?: string | undefined;
}

export function Picks({ label, picks, chosen, onPick, children }: {
  label: string; picks: readonly Pick[]; chosen: unknown; onPick: (id: string) => void; children?: ComponentChildren;
}) {
  return (
    <div class="picks" role="group" aria-label={label}>
      {picks.map(({ id, label: text, icon, detail }) => (
        <button key={id} type="button" class="pick" aria-pressed={id === chosen} onClick={() => onPick(id)}>
          <Icon name={id === chosen ? 'check' : icon} />
          <span class="pick-label"><Visible text={text} /></span>
          {detail !== undefined && <span class="muted"><Visible text={detail} /></span>}
        </button>
      ))}
      {children}
    </div>
  );
}
