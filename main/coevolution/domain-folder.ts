/** Domains as folders: which ship, where a name or a path leads, and what lies there. */
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { DOMAIN_FILE, type DomainDescription } from '../../preload/contract/domain-file.js';
import { LabError } from '../lib/errors.js';
import { resourcesDir } from '../lib/paths.js';
import { nearest } from '../lib/text.js';
import {
  describeDomain,
  type DescribedDomain,
  digestOf,
  type DomainFault,
  type DomainFiles,
  filesNamed,
} from './domain-files.js';

/** Nobody writes more by hand, and a run keeps a copy of it. */
const LARGEST_FILE = 4 * 1024 * 1024;

export interface FoundDomain {
  /** As a recipe names it wherever it is read: the name of one that ships, or an absolute path. */
  readonly reference: string;
  readonly folder: string;
}

export interface DomainRecord {
  readonly files: DomainFiles;
  readonly digest: string;
  readonly description: DomainDescription;
}

const shippedFolder = (name: string): string => join(resourcesDir(), 'domains', name);

/** Names of the domains that ship, in alphabetical order. */
export function shippedDomains(): string[] {
  return readdirSync(join(resourcesDir(), 'domains'))
    .filter((name) => existsSync(join(shippedFolder(name), DOMAIN_FILE)))
    .sort();
}

/**
 * @param beside folder of the recipe that names it: a path counts from where a command is given, else from there
 * @throws LabError('recipe') where nothing is there
 */
export function findDomain(nameOrPath: string, beside: string | null = null): FoundDomain {
  const shipped = shippedDomains();
  if (shipped.includes(nameOrPath)) return { reference: nameOrPath, folder: shippedFolder(nameOrPath) };
  const places = [resolve(nameOrPath), ...(beside === null ? [] : [resolve(beside, nameOrPath)])];
  for (const place of places) {
    const folder = basename(place) === DOMAIN_FILE ? dirname(place) : place;
    if (existsSync(join(folder, DOMAIN_FILE))) return { reference: folder, folder };
  }
  const there = places.find((place) => existsSync(place));
  if (there !== undefined) {
    throw new LabError('recipe', `The folder ${there} is no domain: it has no ${DOMAIN_FILE}.`, {
      remedy: 'Begin with a copy of one that ships: rzero domain copy math FOLDER.',
    });
  }
  const guess = nearest(nameOrPath, shipped);
  throw new LabError('recipe', `There is no domain "${nameOrPath}".`, {
    remedy: `${guess ? `Did you mean "${guess}"? ` : ''}Shipped: ${shipped.join(', ')}; or give the path of a folder with ${DOMAIN_FILE}.`,
  });
}

/** The texts of a folder that belong to its domain; files that cannot be read as text are faults. */
export function readFolder(folder: string): { readonly files: DomainFiles; readonly faults: readonly DomainFault[] } {
  const faults: DomainFault[] = [];
  const files: Record<string, string> = {};
  const take = (name: string): void => {
    const text = textOf(folder, name);
    if (typeof text === 'string') files[name] = text;
    else if (text !== null) faults.push({ file: name, line: null, message: text.fault });
  };
  take(DOMAIN_FILE);
  for (const name of filesNamed(files[DOMAIN_FILE] ?? '')) if (name !== DOMAIN_FILE) take(name);
  return { files, faults };
}

/**
 * Null where there is no such file. What a link leads to elsewhere is not read: a domain comes from others, and its texts are
 * copied into every record; nor is what is no file: a pipe or a device never ends.
 */
function textOf(folder: string, name: string): string | { readonly fault: string } | null {
  const path = join(folder, name);
  try {
    const stat = statSync(path);
    if (!stat.isFile()) return { fault: 'is no file' };
    if (dirname(realpathSync(path)) !== realpathSync(folder))
      return { fault: 'is a link that leads out of the folder: put a copy of the file there' };
    const { size } = stat;
    if (size > LARGEST_FILE) return { fault: `has ${size} bytes: at most ${LARGEST_FILE} are read` };
    const bytes = readFileSync(path);
    // Line ends are not part of a prompt, whatever editor wrote them.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll('\r\n', '\n');
  } catch (error) {
    if (error instanceof TypeError) return { fault: 'is not text in UTF-8' };
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? null : { fault: `cannot be read (${code ?? String(error)})` };
  }
}

/** What a folder says, or every fault of it. */
export function checkFolder(folder: string): DescribedDomain & { readonly files: DomainFiles } {
  const { files, faults } = readFolder(folder);
  if (faults.length > 0) return { description: null, faults, files };
  return { ...describeDomain(files), files };
}

const shippedRecords = new Map<string, DomainRecord>();

/** A domain that ships, by its name, or one in a folder. @throws LabError('recipe') that names file, line and what is wrong */
export function readDomain(nameOrPath: string, beside: string | null = null): DomainRecord & FoundDomain {
  const found = findDomain(nameOrPath, beside);
  const known = shippedRecords.get(found.reference);
  if (known) return { ...found, ...known };
  const { description, faults, files } = checkFolder(found.folder);
  if (!description) throw faulty(found.folder, faults);
  const record = { files, digest: digestOf(files), description };
  if (found.reference !== found.folder) shippedRecords.set(found.reference, record);
  return { ...found, ...record };
}

/** The copy of a domain that a run has kept. @throws LabError('recipe') where this program cannot read it */
export function recordedDomain(files: DomainFiles, of: string): DomainDescription {
  const { description, faults } = describeDomain(files);
  if (!description) throw faulty(of, faults);
  return description;
}

export function faultText({ file, line, message }: DomainFault): string {
  return `${file}${line === null ? '' : `, line ${line}`}: ${message}`;
}

const TOLD = 3;

function faulty(where: string, faults: readonly DomainFault[]): LabError {
  const rest = faults.length > TOLD ? ` And ${faults.length - TOLD} more.` : '';
  const told = faults.slice(0, TOLD).map((fault) => `${faultText(fault)}.`);
  return new LabError('recipe', `The domain ${where} has faults. ${told.join(' ')}${rest}`, {
    remedy: `rzero domain check ${where} shows them all.`,
  });
}
