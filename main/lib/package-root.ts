/** Where the installed package lies, whether the code runs from source, from `out/` or from an application archive. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LabError } from './errors.js';

export function packageRoot(from: string = import.meta.url): string {
  for (let folder = dirname(fileURLToPath(from)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json')) && existsSync(join(folder, 'resources'))) return folder;
    if (folder === dirname(folder)) {
      throw new LabError('internal', `No package.json above ${fileURLToPath(from)}.`, {
        remedy: 'Install R-Zero Lab again.',
      });
    }
  }
}
