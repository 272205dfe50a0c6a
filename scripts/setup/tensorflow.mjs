/**
 * Which TensorFlow this clone uses, decided once and remembered: the wheel for CUDA, the wheel for the CPU, tfjs-node's
 * own installer, or none (then the product computes in WASM). A start never fails here. The product reads
 * node_modules/.rzero/tensorflow.json; what is remembered about the decision lies beside it.
 *
 * RZERO_TENSORFLOW=off|cpu|cuda|auto chooses; `cuda` still falls back when CUDA does not work.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findCompiler, sourcesHash } from './binding.mjs';
import { readJson, sha256, writeJson } from './files.mjs';
import { cacheDir, stampDir } from './paths.mjs';
import { run, which } from './process.mjs';
import { say } from './report.mjs';
import { installTensorFlow, reasonOf } from './tensorflow-install.mjs';
import { installOfficial } from './tensorflow-official.mjs';
import { recipesFor } from './tensorflow-recipes.mjs';
import { findPython } from './wheels.mjs';

const RETRY_MS = 24 * 3600 * 1000;

/** @param {string} root */
const answerPath = (root) => join(stampDir(root), 'tensorflow.json');
/** @param {string} root */
const memoryPath = (root) => join(stampDir(root), 'tensorflow-setup.json');

/** @returns {'off' | 'cpu' | 'cuda' | 'auto'} */
function wish() {
  const value = process.env['RZERO_TENSORFLOW'] ?? 'auto';
  return value === 'off' || value === 'cpu' || value === 'cuda' ? value : 'auto';
}

/** Cheap: no process is started. The driver itself is asked only when something is to be installed. */
function hasNvidia() {
  return ['/dev/nvidia0', '/dev/nvidiactl', '/usr/lib/wsl/lib/libcuda.so.1'].some((path) => existsSync(path));
}

/** What decides the best answer, and what else decides a makeshift one. @param {string} root */
function circumstances(root) {
  const best = [
    process.platform,
    process.arch,
    wish(),
    hasNvidia(),
    cacheDir(),
    sourcesHash(root),
    recipesFor(platformName()),
  ];
  return { best: sha256(JSON.stringify(best)), tools: JSON.stringify([findPython(), findCompiler(), driverVersion()]) };
}

function driverVersion() {
  try {
    return readFileSync('/proc/driver/nvidia/version', 'utf8');
  } catch {
    return null;
  }
}

const platformName = () => `${process.platform}-${process.arch}`;

/** @param {string} root */
export function tensorflowReady(root) {
  if (process.env['RZERO_TENSORFLOW_BINDING']) return true;
  const memory = readJson(memoryPath(root));
  const now = circumstances(root);
  if (memory === null || memory.best !== now.best) return false;
  if (memory.outcome === 'off') return true;
  const answer = readJson(answerPath(root));
  if (memory.outcome !== 'none' && !(answer?.binding && existsSync(answer.binding))) return false;
  if (memory.outcome === 'best') return true;
  // CUDA that was fetched and failed fails again until the driver changes: its gigabytes are not fetched every day.
  return memory.tools === now.tools && (memory.outcome === 'settled' || Date.now() - memory.at < RETRY_MS);
}

/** The line about a makeshift answer, for those who want to repeat it. @param {string} root @returns {string | null} */
export function tensorflowNote(root) {
  return readJson(memoryPath(root))?.note ?? null;
}

/** @param {string} root */
export async function setUpTensorFlow(root) {
  if (tensorflowReady(root)) return;
  const now = circumstances(root);
  rmSync(memoryPath(root), { force: true });
  const { installed, outcome, note } = await decide(root);
  if (installed) writeJson(answerPath(root), installed);
  else rmSync(answerPath(root), { force: true });
  writeJson(memoryPath(root), { ...now, outcome, note, at: Date.now() });
  if (note !== null) say(note);
}

/**
 * @param {string} root
 * @returns {Promise<{ installed: import('./tensorflow-install.mjs').Installed | null, outcome: string, note: string | null }>}
 */
async function decide(root) {
  if (wish() === 'off')
    return { installed: null, outcome: 'off', note: 'Backend: WASM, because RZERO_TENSORFLOW=off.' };
  /** @type {string[]} */
  const reasons = [];
  for (const recipe of recipesFor(platformName())) {
    if (recipe.device === 'cuda') {
      const problem = await cudaProblem();
      if (problem !== null) {
        if (problem !== '') reasons.push(`CUDA: ${problem}`);
        continue;
      }
    }
    try {
      const installed = await installTensorFlow(root, recipe);
      if (reasons.length === 0) return { installed, outcome: 'best', note: null };
      const outcome = reasons.some((reason) => reason.includes('could not be fetched')) ? 'makeshift' : 'settled';
      const backend = `TensorFlow ${installed.version} on the CPU`;
      return { installed, outcome, note: fallbackNote({ backend, reasons }) };
    } catch (error) {
      reasons.push(recipe.device === 'cuda' ? `CUDA: ${reasonOf(error)}` : reasonOf(error));
    }
  }
  if (recipesFor(platformName()).length === 0)
    reasons.push(`no TensorFlow wheel carries its C library for ${platformName()}`);
  try {
    const installed = await installOfficial(root);
    const backend = `TensorFlow ${installed.version} by tfjs-node's own installer, without traced functions`;
    return { installed, outcome: 'makeshift', note: fallbackNote({ backend, reasons }) };
  } catch (error) {
    reasons.push(`tfjs-node's own installer: ${reasonOf(error)}`);
  }
  return { installed: null, outcome: 'none', note: fallbackNote({ backend: 'WASM', reasons }) };
}

/** @returns {Promise<string | null>} null when CUDA is worth trying, '' when nobody expects it, else why not */
async function cudaProblem() {
  if (wish() === 'cpu') return '';
  if (wish() === 'cuda') return null;
  if (!hasNvidia()) return '';
  const smi = which(['nvidia-smi']);
  if (smi === null)
    return existsSync('/proc/driver/nvidia/version') || libcudaFound() ? null : 'the NVIDIA driver is not installed';
  const answer = await run(smi, ['-L'], { timeoutMs: 30_000 });
  return answer.ok && answer.output.includes('GPU') ? null : 'the NVIDIA driver does not answer (nvidia-smi)';
}

function libcudaFound() {
  try {
    return readFileSync('/etc/ld.so.cache', 'latin1').includes('libcuda.so.1');
  } catch {
    return existsSync('/usr/lib/wsl/lib/libcuda.so.1');
  }
}

/**
 * One line: which backend runs, why, and what would make it faster.
 * @param {{ backend: string, reasons: readonly string[] }} facts
 */
export function fallbackNote({ backend, reasons }) {
  return `Backend: ${backend} (${reasons.join('; ')}). ${remedyFor(reasons.join(' '))}`;
}

/** @param {string} reasons */
function remedyFor(reasons) {
  const linux = process.platform === 'linux';
  if (/Python|pip/.test(reasons))
    return `Faster: install Python 3 with pip${linux ? ' (apt-get install python3-pip g++)' : ''} and start again.`;
  if (/compiler|compile/.test(reasons)) {
    const how = process.platform === 'darwin' ? 'xcode-select --install' : 'apt-get install g++';
    return `Faster: install a C++ compiler (${how}) and start again.`;
  }
  if (/fetched/.test(reasons))
    return 'Faster: start again when the package index can be reached; it is tried again after a day.';
  if (/ GB free/.test(reasons)) return 'Faster: make room, or set RZERO_CACHE_DIR to a larger disk, and start again.';
  if (/wheel carries/.test(reasons)) return 'Faster: use Linux (in Windows, WSL 2) or a Mac with Apple silicon.';
  if (/CUDA/.test(reasons)) return 'Faster: update the NVIDIA driver (525 or newer) and start again.';
  return 'It is tried again after a day, or at once when node_modules/.rzero is deleted.';
}
