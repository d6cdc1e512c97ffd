/** The door of the VS Code side. */
export { registerCommands } from './commands';
export { createHost } from './host';
export { registerViews } from './views';
