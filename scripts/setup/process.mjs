/** Child processes for set-up: found without starting them, run with a limit, their last words kept for the report. */
import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * The full path of the first command of these that PATH has.
 * @param {readonly string[]} names @param {Record<string, string | undefined>} [env]
 * @returns {string | null}
 */
export function which(names, env = process.env) {
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  for (const name of names) {
    for (const folder of (env['PATH'] ?? '').split(delimiter)) {
      for (const suffix of suffixes) {
        const path = join(folder, name + suffix);
        if (folder && isExecutable(path)) return path;
      }
    }
  }
  return null;
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Runs a command to its end. Never rejects: a command that cannot start is one that failed.
 * @param {string} command @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string | undefined>, timeoutMs?: number, inherit?: boolean,
 *   signal?: AbortSignal, shell?: boolean, onOutput?: (text: string) => void }} [options] `inherit` sends its output to our stderr
 * @returns {Promise<{ ok: boolean, code: number | null, signal: string | null, output: string, timedOut: boolean }>}
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    let output = '';
    let timedOut = false;
    const child = spawn(command, [...args], {
      cwd: options.cwd,
      env: options.env ?? process.env,
      shell: options.shell ?? false,
      stdio: ['ignore', options.inherit ? 2 : 'pipe', options.inherit ? 2 : 'pipe'],
      // Its own group, so that a limit ends its children too.
      detached: options.timeoutMs !== undefined && process.platform !== 'win32',
    });
    const stop = () => {
      try {
        if (options.timeoutMs !== undefined && process.platform !== 'win32' && child.pid)
          process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // Already gone.
      }
    };
    const timer = options.timeoutMs
      ? setTimeout(() => {
          timedOut = true;
          stop();
        }, options.timeoutMs)
      : null;
    process.once('exit', stop);
    options.signal?.addEventListener('abort', stop, { once: true });
    /** @param {boolean} ok @param {number | null} code @param {string | null} signal */
    const finish = (ok, code, signal) => {
      if (timer) clearTimeout(timer);
      process.off('exit', stop);
      options.signal?.removeEventListener('abort', stop);
      resolve({ ok, code, signal, output, timedOut });
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        output = (output + String(text)).slice(-20_000);
        options.onOutput?.(String(text));
      });
    }
    child.on('error', (error) => {
      output += error.message;
      finish(false, null, null);
    });
    child.on('close', (code, signal) => finish(code === 0, code, signal));
  });
}

/** The line of a command's output that most likely says why it failed. @param {string} output */
export function lastWords(output) {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(npm )?(warn|notice)|A complete log of this run|^at |^Node\.js v/i.test(line));
  const error =
    lines.findLast((line) => /^(\w*error|fatal)\b[^']*:/i.test(line)) ??
    lines.findLast((line) => /error|fatal|not found|cannot|failed/i.test(line));
  return (error ?? lines.at(-1) ?? 'it said nothing').slice(0, 200);
}
