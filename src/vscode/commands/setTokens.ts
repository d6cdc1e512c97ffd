/** Merlina: Set Tokens. Into VS Code's SecretStorage, and nowhere else. */
import { l10n, window } from 'vscode';
import { TOKENS, type TokenName } from '../secrets';
import type { Command } from './command';

export const setTokens: Command = {
  id: 'merlina.setTokens',
  async run({ context: { secrets } }) {
    const items = await Promise.all(TOKENS.map(async name => ({ ...describe(name), description: (await secrets.get(name)) === undefined ? l10n.t('not set') : l10n.t('set'), name })));
    const picked = await window.showQuickPick(items, { title: l10n.t('Token to set') });
    if (!picked) return;
    const value = await window.showInputBox({
      title: picked.label, password: true, ignoreFocusOut: true, prompt: l10n.t('Kept in the secret storage of VS Code. Leave it empty to remove the token.'),
      validateInput: text => (/\s/.test(text.trim()) ? l10n.t('A token has no spaces in it.') : undefined),
    });
    if (value === undefined) return;
    const token = value.trim();
    if (token === '') await secrets.delete(picked.name);
    else await secrets.store(picked.name, token);
    void window.showInformationMessage(token === '' ? l10n.t('{0} removed', picked.label) : l10n.t('{0} kept', picked.label));
  },
};

function describe(name: TokenName): { label: string; detail: string } {
  switch (name) {
    case 'HF_TOKEN': return { label: l10n.t('Hugging Face token'), detail: l10n.t('For models and datasets that are private or gated') };
    case 'WANDB_API_KEY': return { label: l10n.t('Weights & Biases API key'), detail: l10n.t('For runs that are logged there') };
  }
}
