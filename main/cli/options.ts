/** Options that several commands share, checked while the command line is parsed. */
import { InvalidArgumentError, Option } from 'commander';
import { runNameFault } from '../../preload/contract/run-name.js';

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw new InvalidArgumentError(`A whole number from 0 to ${Number.MAX_SAFE_INTEGER} is needed.`);
  }
  return value;
}

export function positiveNumber(text: string): number {
  const value = wholeNumber(text);
  if (value === 0) throw new InvalidArgumentError('A whole number from 1 is needed.');
  return value;
}

export function portNumber(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
  return Number(text);
}

export function realNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('A number is needed.');
  return value;
}

function folderName(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('The name of a folder is needed.');
  return text;
}

/** What a run may be called: something that can be told from an id and from `last`. */
export function runName(text: string): string {
  const fault = runNameFault(text);
  if (fault !== null) throw new InvalidArgumentError(fault);
  return text;
}

/** `--set` may be given any number of times. */
export function collect(value: string, before: readonly string[]): string[] {
  const at = value.indexOf('=');
  if (at <= 0) throw new InvalidArgumentError('The form is key=value, for example solver.steps=10.');
  return [...before, value];
}

/** A required option that may be given any number of times. */
export function collectFirst(value: string, before: readonly string[] | undefined): string[] {
  if (value.trim() === '') throw new InvalidArgumentError('A name is needed.');
  return [...(before ?? []), value];
}

/** An option that may be given any number of times. */
export function collectWords(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

/** "1,2,3" as token ids. */
export function tokenIds(text: string): number[] {
  const ids = text.split(',').map((part) => part.trim());
  if (!ids.every((id) => /^\d+$/.test(id)))
    throw new InvalidArgumentError('Token ids parted by commas are needed, for example 1,2,3.');
  return ids.map(Number);
}

export const dataDirOption = (): Option =>
  new Option(
    '--data-dir <dir>',
    "where runs are kept (default: RZERO_DATA_DIR, else the user's data folder)",
  ).argParser(folderName);

export const backendOption = (): Option =>
  new Option('--backend <name>', 'what computes').choices(['auto', 'tensorflow', 'webgpu', 'wasm']).default('auto');

export const jsonOption = (what: string): Option => new Option('--json', what);
