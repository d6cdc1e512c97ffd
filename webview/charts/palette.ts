/** The theme's colours as a canvas needs them, read again when the theme changes. */
import { useEffect, useState } from 'preact/hooks';
import type { Role } from './chartList';

export interface Palette {
  roles: Record<Role, string>;
  /** Of the first run, the second, …; they repeat. */
  runs: readonly string[];
  text: string;
  muted: string;
  grid: string;
  background: string;
  fontFamily: string;
  isHighContrast: boolean;
}

/** Beside the colours, so that runs differ for those who do not see them: lengths of dash and gap in CSS pixels. */
const RUN_DASHES: readonly (readonly number[])[] = [[], [8, 4], [2, 3], [12, 3, 2, 3], [5, 5], [16, 4], [8, 3, 2, 3, 2, 3], [3, 6]];

export function runDash(index: number): readonly number[] {
  return RUN_DASHES[index % RUN_DASHES.length]!;
}

export function runColor({ runs }: Palette, index: number): string {
  return runs[index % runs.length]!;
}

export function usePalette(): Palette {
  const [palette, setPalette] = useState(readPalette);
  useEffect(() => {
    // VS Code writes a new theme into the style of <html> and the class of <body>.
    const observer = new MutationObserver(() => setPalette(readPalette()));
    observer.observe(document.documentElement, { attributeFilter: ['style', 'class'] });
    observer.observe(document.body, { attributeFilter: ['class'] });
    return () => observer.disconnect();
  }, []);
  return palette;
}

function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  const text = read('--vscode-foreground') || style.color;
  const chart = (name: string): string => read(`--vscode-charts-${name}`) || text;
  return {
    roles: { train: chart('blue'), eval: chart('orange'), better: chart('green'), worse: chart('red'), rate: chart('purple') },
    runs: [chart('blue'), chart('orange'), chart('green'), chart('purple'), chart('red'), chart('yellow')],
    text,
    muted: read('--vscode-descriptionForeground') || text,
    grid: read('--vscode-charts-lines') || text,
    background: read('--vscode-editor-background'),
    fontFamily: read('--vscode-font-family') || 'sans-serif',
    isHighContrast: document.body.classList.contains('vscode-high-contrast') || document.body.classList.contains('vscode-high-contrast-light'),
  };
}
