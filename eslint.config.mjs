/** Lint: zero warnings, types known, layers held by the table in scripts/lint/layers.mjs. */
import pluginVue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';
import { layersRule } from './scripts/lint/layers.mjs';

const root = import.meta.dirname;
/** @type {Partial<import('eslint').Linter.RulesRecord>} */
const strict = {
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/no-explicit-any': 'error',
  // Numbers in messages are wanted; objects are not.
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  // An async function without await is how an interface that others fill asynchronously is met.
  '@typescript-eslint/require-await': 'off',
  // Destructured functions of plain objects, and casts that name a tensor's rank, are how this code is written.
  '@typescript-eslint/unbound-method': 'off',
  '@typescript-eslint/no-unnecessary-type-assertion': 'off',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
  eqeqeq: ['error', 'always'],
  'no-console': 'error',
};

export default tseslint.config(
  { ignores: ['node_modules/', 'out/', 'dist/', 'coverage/', 'test-results/', '**/fixtures/', 'resources/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.recommendedTypeChecked,
  ...pluginVue.configs['flat/recommended'],
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: root, extraFileExtensions: ['.vue'] },
    },
  },
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    // Prettier owns the layout of templates.
    rules: Object.fromEntries(
      Object.keys(pluginVue.rules ?? {})
        .filter((name) =>
          /indent|newline|spacing|spaces|max-attributes|closing|quotes|self-closing|per-line/.test(name),
        )
        .map((name) => [`vue/${name}`, 'off']),
    ),
  },
  {
    files: ['**/*.ts', '**/*.vue', '**/*.mjs'],
    plugins: { rzero: { rules: { layers: layersRule } } },
    rules: { ...strict, 'rzero/layers': ['error', { root }] },
  },
  {
    // What prints is what talks to a terminal.
    files: ['main/cli/**', 'scripts/**', 'test/bench/**'],
    rules: { 'no-console': 'off' },
  },
  {
    // Plain JavaScript is checked by tsc through JSDoc; what comes out of JSON.parse is `any` there.
    files: ['**/*.mjs'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
    },
  },
);
