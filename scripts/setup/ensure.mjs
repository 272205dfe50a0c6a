/**
 * Everything a start needs, in order: dependencies, TensorFlow, build. When all of it is there, only stamps are read.
 * One start at a time sets up; the others wait and then find it done.
 */
import { join } from 'node:path';
import { build, buildReady } from './build.mjs';
import { dependenciesReady, installDependencies } from './dependencies.mjs';
import { withLock } from './lock.mjs';
import { isClone, ROOT, stampDir } from './paths.mjs';
import { printTimings, say, SetupError, timed } from './report.mjs';
import { setUpTensorFlow, tensorflowNote, tensorflowReady } from './tensorflow.mjs';

/**
 * @param {{ root?: string, build?: boolean, repeatNote?: boolean }} [options] `repeatNote`: say again which makeshift
 * backend runs, also when nothing was to be done
 */
export async function ensure({ root = ROOT, build: wantBuild = true, repeatNote = false } = {}) {
  const clone = isClone(root);
  const steps = [
    { name: 'dependencies', ready: dependenciesReady, make: installDependencies, wanted: clone },
    { name: 'TensorFlow', ready: tensorflowReady, make: setUpTensorFlow, wanted: true },
    { name: 'build', ready: buildReady, make: build, wanted: clone && wantBuild },
  ].filter(({ wanted }) => wanted);
  try {
    const missing = await timed('look', () => steps.some((step) => !step.ready(root)));
    if (missing) {
      const path = clone ? join(root, '.cache', 'setup.lock') : join(stampDir(root), 'setup.lock');
      const onWait = (/** @type {{ pid: number }} */ { pid }) =>
        say(`Waiting for process ${pid}, which is setting this clone up …`);
      await withLock(
        path,
        async () => {
          for (const step of steps) await timed(step.name, () => step.make(root));
        },
        { onWait },
      );
    } else if (repeatNote) {
      const note = tensorflowNote(root);
      if (note !== null) say(note);
    }
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    process.exit(1);
  } finally {
    printTimings();
  }
}
