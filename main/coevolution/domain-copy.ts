/** A copy of a domain's folder, to be changed: the texts that belong to it, under a name of its own. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { DOMAIN_FILE } from '../../preload/contract/domain-file.js';
import { LabError } from '../lib/errors.js';
import { makeFolder } from '../lib/make-folder.js';
import { findDomain, readFolder } from './domain-folder.js';

export interface CopiedDomain {
  readonly name: string;
  readonly folder: string;
  readonly files: readonly string[];
}

/** @throws LabError('usage') where something is there already, 'disk' where nothing can be written */
export function copyDomain(nameOrPath: string, target: string): CopiedDomain {
  const from = findDomain(nameOrPath);
  const folder = resolve(target);
  if (existsSync(folder) && !isEmpty(folder)) {
    throw new LabError('usage', `${folder} is already there, and not an empty folder.`, {
      remedy: 'Choose another name, or remove it first.',
    });
  }
  const { files } = readFolder(from.folder);
  const name = nameFor(folder);
  const texts = { ...files, [DOMAIN_FILE]: (files[DOMAIN_FILE] ?? '').replace(/^name:.*$/m, `name: ${name}`) };
  try {
    makeFolder(folder);
    for (const [file, text] of Object.entries(texts)) writeFileSync(join(folder, file), text, { flag: 'wx' });
  } catch (cause) {
    throw new LabError('disk', `The copy in ${folder} cannot be written.`, {
      cause,
      remedy: 'Choose a folder you may write to, on a disk with room.',
    });
  }
  return { name, folder, files: Object.keys(texts) };
}

function isEmpty(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch {
    return false;
  }
}

/** As domains are called: small letters, digits, hyphens. */
function nameFor(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return name === '' ? 'my-domain' : name;
}
