/** The page of a webview: one script and one style of dist/webview, under a policy that runs nothing else. */
import { randomBytes } from 'node:crypto';
import { env, l10n, Uri, workspace, type Webview } from 'vscode';
import type { ViewBoot } from '../../shared/panels/envelope';

/** The views that are built: webview/NAME/index.tsx. */
export type ViewName = 'chat' | 'compare' | 'dataset' | 'recipe' | 'run';

/** Folder of the scripts, styles and fonts of all views; a webview may read nothing else. */
export function webviewRoot(extension: Uri): Uri {
  return Uri.joinPath(extension, 'dist', 'webview');
}

/** `subject` says what the view is of; it comes back when VS Code restores the view after a reload. */
export function viewPage(webview: Webview, extension: Uri, name: ViewName, subject: unknown): string {
  const nonce = randomBytes(16).toString('base64');
  const asset = (file: string): string => webview.asWebviewUri(Uri.joinPath(webviewRoot(extension), file)).toString();
  const boot: ViewBoot = {
    subject,
    strings: l10n.bundle ?? {},
    language: env.language,
    isMagical: workspace.getConfiguration('merlina').get<string>('theme') !== 'plain',
  };
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} data: blob:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escape(env.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${escape(policy)}">
<link rel="stylesheet" href="${escape(asset('ui.css'))}">
<link rel="stylesheet" href="${escape(asset(`${name}.css`))}">
<title>Merlina</title>
</head>
<body>
<main id="merlina"></main>
<script type="application/json" id="merlina-boot" nonce="${nonce}">${inScript(boot)}</script>
<script nonce="${nonce}" src="${escape(asset(`${name}.js`))}"></script>
</body>
</html>`;
}

/** JSON that cannot end the script it stands in. */
function inScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
