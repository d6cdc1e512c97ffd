/** The controls that views are made of. Each has a name for screen readers, and reports values, not events. */
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import './toolkit';

interface Named {
  /** Said by screen readers, and shown where the control has no other text. */
  label: string;
  disabled?: boolean | undefined;
  /** Ids of the texts that help with it or complain about it. */
  describedBy?: string | undefined;
  invalid?: boolean | undefined;
}

export function Button({ children, onPress, appearance = 'secondary', label, disabled, title }: {
  children: ComponentChildren; onPress: () => void; appearance?: 'primary' | 'secondary'; label?: string; disabled?: boolean | undefined; title?: string;
}) {
  return <vscode-button appearance={appearance} disabled={disabled} title={title} aria-label={label} onClick={onPress}>{children}</vscode-button>;
}

/** A button that is only a picture. */
export function IconButton({ icon, label, onPress, disabled, pressed }: { icon: string; label: string; onPress: () => void; disabled?: boolean; pressed?: boolean }) {
  return (
    <button type="button" class="icon-button" title={label} aria-label={label} aria-pressed={pressed} disabled={disabled} onClick={onPress}>
      <Icon name={icon} />
    </button>
  );
}

/** One of VS Code's own pictures (codicons); decoration, so the text beside it says what it means. */
export function Icon({ name, class: extra = '' }: { name: string; class?: string }) {
  return <span class={`codicon codicon-${name} ${extra}`} aria-hidden="true" />;
}

export function TextField({ label, value, onValue, placeholder, disabled, describedBy, invalid, onEnter }: Named & {
  value: string; onValue: (value: string) => void; placeholder?: string; onEnter?: () => void;
}) {
  return (
    <vscode-text-field
      value={value} placeholder={placeholder} disabled={disabled} ref={named(label)} aria-describedby={describedBy} aria-invalid={invalid ? 'true' : undefined}
      class={invalid ? 'is-invalid' : undefined} onInput={event => onValue(valueOf(event))}
      onKeyDown={event => { if (event.key === 'Enter') onEnter?.(); }}
    />
  );
}

export function TextArea({ label, value, onValue, placeholder, disabled, describedBy, invalid, rows = 4, onKeyDown }: Named & {
  value: string; onValue: (value: string) => void; placeholder?: string; rows?: number; onKeyDown?: (event: KeyboardEvent) => void;
}) {
  return (
    <vscode-text-area
      value={value} rows={rows} resize="vertical" placeholder={placeholder} disabled={disabled} ref={named(label)}
      aria-describedby={describedBy} aria-invalid={invalid ? 'true' : undefined} class={invalid ? 'is-invalid' : undefined}
      onInput={event => onValue(valueOf(event))} onKeyDown={onKeyDown}
    />
  );
}

export function Checkbox({ label, checked, onValue, disabled, describedBy, hidesLabel }: Named & { checked: boolean; onValue: (checked: boolean) => void; hidesLabel?: boolean }) {
  return (
    <vscode-checkbox
      checked={checked} disabled={disabled} ref={named(label)} aria-describedby={describedBy}
      onChange={event => onValue((event.target as HTMLInputElement).checked)}
    >{hidesLabel ? null : label}</vscode-checkbox>
  );
}

export interface Choice {
  value: string;
  label: string;
}

export function Dropdown({ label, value, choices, onValue, disabled, describedBy }: Named & { value: string; choices: readonly Choice[]; onValue: (value: string) => void }) {
  return (
    // A list of other choices is another list: the component keeps the old selection otherwise.
    <vscode-dropdown
      key={choices.map(choice => choice.value).join('\n')} value={value} disabled={disabled} aria-label={label} aria-describedby={describedBy}
      onChange={event => { if (valueOf(event) !== value) onValue(valueOf(event)); }}
    >
      {choices.map(choice => <vscode-option key={choice.value} value={choice.value} selected={choice.value === value}>{choice.label}</vscode-option>)}
    </vscode-dropdown>
  );
}

export function Slider({ label, value, min, max, step, onValue, shown }: Named & { value: number; min: number; max: number; step: number; onValue: (value: number) => void; shown?: string }) {
  const id = useId();
  return (
    <span class="slider">
      <label for={id}>{label}</label>
      <input id={id} type="range" min={min} max={max} step={step} value={value} aria-valuetext={shown} onInput={event => onValue(Number(event.currentTarget.value))} />
      <output for={id}>{shown ?? value}</output>
    </span>
  );
}

export interface Tab {
  id: string;
  label: string;
  /** A number or a mark beside the label. */
  badge?: string | undefined;
}

/** Arrow keys move, as everywhere; the panel itself is the caller's, with `role="tabpanel"` and `aria-labelledby={tabId(…)}`. */
export function Tabs({ label, tabs, active, onSelect }: { label: string; tabs: readonly Tab[]; active: string; onSelect: (id: string) => void }) {
  const move = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    const at = tabs.findIndex(tab => tab.id === active);
    const next = tabs[(at + by + tabs.length) % tabs.length]!;
    onSelect(next.id);
    document.getElementById(tabId(next.id))?.focus();
    event.preventDefault();
  };
  return (
    <div role="tablist" aria-label={label} class="tabs" onKeyDown={move}>
      {tabs.map(tab => (
        <button
          key={tab.id} type="button" role="tab" id={tabId(tab.id)} aria-selected={tab.id === active} tabIndex={tab.id === active ? 0 : -1}
          onClick={() => onSelect(tab.id)}
        >{tab.label}{tab.badge !== undefined && <span class="badge">{tab.badge}</span>}</button>
      ))}
    </div>
  );
}

export const tabId = (id: string): string => `tab-${id}`;

/** Turning while something is under way; says what, for those who do not see it turn. */
export function Busy({ text }: { text: string }) {
  return <p class="busy" role="status"><vscode-progress-ring aria-label={text} /> {text}</p>;
}

/** A bar from 0 to 1; without a value it only says that something is under way. */
export function ProgressBar({ label, value }: { label: string; value: number | undefined }) {
  return <progress class="progress" aria-label={label} max={1} value={value} />;
}

function valueOf(event: Event): string {
  return (event.target as HTMLInputElement).value;
}

/** Names a component once it stands in the page: the toolkit gives it a name of its own ("Text field") at that moment. */
function named(label: string): (element: HTMLElement | null) => void {
  return element => element?.setAttribute('aria-label', label);
}
