/** VS Code's web components, registered once. Deprecated upstream, so nothing outside webview/ui names it: another set can take its place here. */
import {
  provideVSCodeDesignSystem, vsCodeButton, vsCodeCheckbox, vsCodeDropdown, vsCodeOption, vsCodeProgressRing, vsCodeTextArea, vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import type { ComponentChildren, Key, Ref } from 'preact';

provideVSCodeDesignSystem().register(
  vsCodeButton(), vsCodeCheckbox(), vsCodeDropdown(), vsCodeOption(), vsCodeProgressRing(), vsCodeTextArea(), vsCodeTextField(),
);

/** What all of them take. */
interface ElementProps {
  key?: Key;
  id?: string | undefined;
  class?: string | undefined;
  title?: string | undefined;
  disabled?: boolean | undefined;
  children?: ComponentChildren;
  ref?: Ref<HTMLElement>;
  'aria-label'?: string | undefined;
  'aria-describedby'?: string | undefined;
  'aria-invalid'?: 'true' | 'false' | undefined;
  onClick?: ((event: MouseEvent) => void) | undefined;
  onInput?: ((event: Event) => void) | undefined;
  onChange?: ((event: Event) => void) | undefined;
  onBlur?: ((event: FocusEvent) => void) | undefined;
  onKeyDown?: ((event: KeyboardEvent) => void) | undefined;
}

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'vscode-button': ElementProps & { appearance?: 'primary' | 'secondary' | 'icon' };
      'vscode-checkbox': ElementProps & { checked?: boolean };
      'vscode-dropdown': ElementProps & { value?: string };
      'vscode-option': ElementProps & { value?: string; selected?: boolean };
      'vscode-progress-ring': ElementProps;
      'vscode-text-area': ElementProps & { value?: string; rows?: number; placeholder?: string | undefined; resize?: 'none' | 'vertical' };
      'vscode-text-field': ElementProps & { value?: string; placeholder?: string | undefined; size?: number };
    }
  }
}
