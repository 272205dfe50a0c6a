/** A prompt of somebody's own, from a file. */
import { readFileSync } from 'node:fs';
import { LabError } from '../lib/errors.js';

const LONGEST = 20_000;

export function readPrompt(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw new LabError('usage', `The prompt ${file} cannot be read.`, { cause, remedy: 'Name a text file.' });
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new LabError('usage', `The prompt ${file} is no UTF-8 text.`, { cause, remedy: 'Name a text file.' });
  }
  if (text.trim() === '' || text.length > LONGEST)
    throw new LabError('usage', `The prompt ${file} has ${text.length} characters; it may have 1 to ${LONGEST}.`, {
      remedy: 'Name a text file with the prompt alone.',
    });
  return text;
}
