/**
 * The layer rule: which folder may import which. A local ESLint rule, because the whole of it is one table and
 * one path computation; a plugin would bring an import resolver and thirty packages for the same.
 *
 * lib ← compute ← model ← training ← coevolution ← engine / lab ← desktop | server ← cli
 *
 * Left out: dynamic imports with a computed name (none exist; `import('literal')` is checked).
 */
import { posix, relative, resolve, sep } from 'node:path';

/**
 * A layer owns the files its prefixes match (longest prefix wins) and may import only the layers and packages
 * listed. `packages: 'any'` leaves npm packages and node: modules free except for those another rule reserves.
 * @typedef {{
 *   name: string, owns: readonly string[], layers: readonly string[],
 *   packages?: 'any' | readonly string[], pure?: boolean,
 * }} Layer
 */

/** What describes work but does not do it: every room may know these shapes. */
const SHARED = ['lib', 'contract', 'executor'];
/** Arithmetic of what work takes: those who do it and those who foretell it count alike. */
const SIZES = ['lib', 'contract', 'sizes'];
const PURE_ROOMS = ['domains', 'prompts', 'grading', 'rewards'];
const BENCHMARKS = ['benchmark-sets', 'benchmarks', 'tables'];

/** @type {readonly Layer[]} */
const LAYERS = [
  { name: 'lib', owns: ['main/lib/'], layers: ['lib', 'contract'] },
  { name: 'contract', owns: ['preload/contract/'], layers: ['contract'], packages: ['zod', '@orpc/contract'] },
  { name: 'preload', owns: ['preload/'], layers: ['contract', 'preload'], packages: ['electron'] },
  { name: 'renderer', owns: ['renderer/'], layers: ['renderer', 'contract'] },

  { name: 'executor', owns: ['main/coevolution/executor.ts'], layers: SHARED, pure: true },
  {
    name: 'rewards',
    owns: ['main/coevolution/rewards/'],
    layers: [...SHARED, 'rewards', 'grading', 'domains'],
    pure: true,
  },
  // Texts only: the lab may know what a model is asked with, not what its answers mean.
  {
    name: 'prompts',
    owns: ['main/domains/prompts.ts'],
    layers: [...SHARED, 'prompts'],
    pure: true,
  },
  { name: 'domains', owns: ['main/domains/'], layers: [...SHARED, 'prompts', 'domains', 'grading'], pure: true },
  { name: 'grading', owns: ['main/grading/'], layers: [...SHARED, 'grading'], pure: true },
  // Hugging Face's hub and the cache its programs share: benchmarks and models come from there. No tensors.
  { name: 'hub', owns: ['main/hub/'], layers: ['lib', 'hub'] },
  // Files of rows: JSON Lines, JSON, CSV, Parquet.
  { name: 'tables', owns: ['main/tables/'], layers: ['lib', 'tables'] },
  // What benchmarks there are and what is in them: recipes, lists and commands may know that. No domain, no model.
  {
    name: 'benchmark-sets',
    owns: [
      ...['benchmark.ts', 'find.ts', 'get.ts', 'remove.ts', 'catalogue.ts'].map((file) => `main/benchmarks/${file}`),
      ...['main/benchmarks/sets/', 'main/benchmarks/hub/', 'main/benchmarks/shelf/'],
    ],
    layers: ['lib', 'contract', 'grading', 'tables', 'hub', 'benchmark-sets'],
  },
  // Loads a large library: only the process that does algebra may know it.
  { name: 'algebra', owns: ['main/grading/algebra/'], layers: ['lib', 'contract', 'grading', 'algebra'], pure: true },
  { name: 'algebra process', owns: ['main/judging/entry.ts'], layers: ['lib', 'grading', 'algebra', 'judging'] },
  // Starts the processes in which answers are compared by algebra.
  { name: 'judging', owns: ['main/judging/'], layers: ['lib', 'contract', 'grading', 'judging'] },
  // Reads benchmark files, so it may touch the disk.
  {
    name: 'benchmarks',
    owns: ['main/benchmarks/'],
    layers: [...SHARED, 'benchmark-sets', 'benchmarks', 'domains', 'grading'],
  },

  { name: 'compute', owns: ['main/compute/'], layers: [...SHARED, 'compute'] },
  { name: 'sizes', owns: ['main/sizes/'], layers: SIZES, pure: true },
  { name: 'model', owns: ['main/model/'], layers: [...SHARED, ...SIZES, 'compute', 'model'] },
  { name: 'training', owns: ['main/training/'], layers: [...SHARED, ...SIZES, 'compute', 'model', 'training'] },
  {
    name: 'coevolution',
    owns: ['main/coevolution/'],
    layers: [...SHARED, ...PURE_ROOMS, ...BENCHMARKS, 'compute', 'model', 'training', 'coevolution', 'recipe'],
  },
  // Recipe loading and checking is needed before an engine exists, so the lab may know it: no tensors here.
  {
    name: 'recipe',
    owns: [
      ...['main/coevolution/recipe.ts', 'main/coevolution/recipe-issues.ts', 'main/coevolution/recipe-fork.ts'],
      'main/coevolution/recipe-extends.ts',
      'main/coevolution/method.ts',
      // Domains as folders: what they say, not what code makes of it.
      ...['main/coevolution/recipe-domain.ts', 'main/coevolution/domain-'],
      // Files to fine-tune on: whether one can be learnt from is told before there is a run.
      ...['main/coevolution/sft/examples.ts', 'main/coevolution/sft/require-data.ts'],
    ],
    layers: [...SHARED, 'prompts', 'benchmark-sets', 'tables', 'recipe'],
  },

  { name: 'store', owns: ['main/store/'], layers: ['lib', 'contract', 'store'] },
  // Which runs answer a question together, and the figures made of them: it computes on numbers, never with a model.
  {
    name: 'studies',
    owns: ['main/studies/'],
    layers: ['lib', 'contract', 'recipe', 'grading', 'benchmark-sets', 'tables', 'hub', 'store', 'studies'],
  },
  // Asks endpoints about what is recorded, and records the answers: never about a run at work, never to steer one.
  { name: 'oracles', owns: ['main/oracles/'], layers: ['lib', 'contract', 'store', 'endpoints', 'oracles'] },
  // How an endpoint of somebody is asked: addresses, keys, requests, failures by name. It knows no run and no record.
  { name: 'endpoints', owns: ['main/endpoints/'], layers: ['lib', 'contract', 'endpoints'] },
  // What is sampled at a server in place of this process: how it gets weights, is checked and asked. It knows no tensors.
  { name: 'rollouts', owns: ['main/rollouts/'], layers: [...SHARED, 'endpoints', 'rollouts'] },
  { name: 'exports', owns: ['main/exports/'], layers: ['lib', 'contract', 'store', 'exports'] },
  {
    name: 'engine',
    owns: ['main/engine/'],
    layers: [
      ...[...SHARED, ...SIZES, ...PURE_ROOMS, ...BENCHMARKS, 'compute', 'model', 'training', 'coevolution', 'recipe'],
      ...['hub', 'store', 'exports', 'studies', 'judging', 'endpoints', 'rollouts', 'engine'],
    ],
  },
  // Tensors live in the engine process: the lab knows no compute, no model, no training.
  {
    name: 'lab',
    owns: ['main/lab/'],
    layers: [
      ...['lib', 'contract', 'sizes', 'store', 'exports', 'recipe', 'prompts', 'benchmark-sets', 'tables'],
      ...['hub', 'studies', 'oracles', 'endpoints', 'rollouts', 'lab'],
    ],
  },
  {
    name: 'cli',
    owns: ['main/cli/'],
    layers: [
      ...[
        'lib',
        'contract',
        'grading',
        'judging',
        'domains',
        'prompts',
        'benchmark-sets',
        'tables',
        'store',
        'exports',
      ],
      ...['recipe', 'hub', 'studies', 'oracles', 'endpoints', 'rollouts', 'lab', 'server', 'cli'],
    ],
  },
  { name: 'server', owns: ['main/server/'], layers: ['lib', 'contract', 'lab', 'server'] },
  { name: 'desktop', owns: ['main/desktop/', 'main/index.ts'], layers: ['lib', 'contract', 'lab', 'desktop'] },
];

/** Only these layers may import Electron. */
const ELECTRON_LAYERS = ['desktop', 'preload'];
/** node: modules that a pure room may not use: anything that reads the world. */
const IMPURE_NODE = /^node:(fs|child_process|net|http|https|os|process|worker_threads|cluster|dgram)(\/|$)/;

/** @param {string} path @returns {Layer | undefined} */
function layerOf(path) {
  let best;
  let length = -1;
  for (const layer of LAYERS) {
    for (const prefix of layer.owns) {
      if (path.startsWith(prefix) && prefix.length > length) [best, length] = [layer, prefix.length];
    }
  }
  return best;
}

/**
 * Why `from` (a repository path) may not import `specifier`, or null.
 * @param {string} from @param {string} specifier @returns {string | null}
 */
function violation(from, specifier) {
  const layer = layerOf(from);
  // Tests may reach for anything but Electron: they build whatever they test.
  const test = /\.test\.ts$|^test\/|\/testing\//.test(from);
  if (specifier.startsWith('.')) {
    if (!layer || test) return null;
    const target = posix.normalize(posix.join(posix.dirname(from), specifier)).replace(/\.js$/, '.ts');
    const other = layerOf(target);
    if (!other) return target.startsWith('main/') || target.startsWith('renderer/') ? outside(layer, target) : null;
    return layer.layers.includes(other.name) ? null : outside(layer, target, other);
  }
  const name = packageOf(specifier);
  if (name === 'electron' && from.startsWith('main/') && !ELECTRON_LAYERS.includes(layer?.name ?? '')) {
    return 'only main/desktop, main/index.ts and preload may import electron.';
  }
  if (!layer || test) return null;
  if (layer.packages && layer.packages !== 'any' && !layer.packages.includes(name)) {
    return `${layer.name} may import only ${layer.packages.join(', ')} from outside.`;
  }
  if (layer.pure && (name.startsWith('@tensorflow/') || IMPURE_NODE.test(specifier))) {
    return `${layer.name} is pure: no tensors, no files, no processes (found '${specifier}').`;
  }
  if (layer.name === 'renderer' && specifier.startsWith('node:')) return 'the renderer has no Node.';
  return null;
}

/** @param {Layer} layer @param {string} target @param {Layer} [other] */
function outside(layer, target, other) {
  return `${layer.name} may not import ${other?.name ?? 'this'} (${target}); it may import ${layer.layers.join(', ')}.`;
}

/** @param {string} specifier */
function packageOf(specifier) {
  if (specifier.startsWith('node:')) return specifier;
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : String(parts[0]);
}

/** @type {import('eslint').Rule.RuleModule} */
export const layersRule = {
  meta: { type: 'problem', schema: [{ type: 'object' }], messages: { layer: 'Layer rule: {{ why }}' } },
  create(context) {
    const root = resolve(String(/** @type {{ root?: string }} */ (context.options[0] ?? {}).root ?? context.cwd));
    const from = relative(root, resolve(context.filename)).split(sep).join('/');
    /** @param {any} node The import, export or import() node whose source is checked. */
    const check = (node) => {
      const specifier = node.source?.value;
      if (typeof specifier !== 'string') return;
      const why = violation(from, specifier);
      if (why !== null) context.report({ node: node.source, messageId: 'layer', data: { why } });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};
