/** Lint: what the compiler does not see and a reader would stumble on. Directions between folders are checked in scripts/checks/imports.ts. */
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'node_modules/', 'test/fixtures/', '.vscode-test/', 'media/', '*.vsix'] },
  {
    // A rule that does not fit is changed here, for all; it is not switched off in a file.
    linterOptions: { noInlineConfig: true },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: ['tsconfig.json', 'webview/tsconfig.json'], tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Elements of our own are declared to JSX, whose types are a namespace.
      '@typescript-eslint/no-namespace': ['error', { allowDeclarations: true }],
      // Objects here are plain values with functions, not classes with `this`.
      '@typescript-eslint/unbound-method': 'off',
      // `rows[i]!` says that the author thought of the bounds; the compiler does not ask for it here.
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      // Numbers read well in templates, and shapes print as lists.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true, allowArray: true, allowNullish: false }],
      // An async function without await keeps an interface's promise.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    // Programs that talk to a terminal, and tests, which mocha's describe and it shape.
    files: ['src/cli.ts', 'src/cli/**', 'scripts/**', 'test/**'],
    rules: { 'no-console': 'off' },
  },
  {
    // A failing test may well print "undefined".
    files: ['test/**'],
    rules: { '@typescript-eslint/restrict-template-expressions': 'off' },
  },
);
