/** The door of the VS Code side. */
export { registerCommands } from './commands';
export { createHost } from './host';
export { registerLanguageModels } from './languageModels';
export { registerViews } from './views';
