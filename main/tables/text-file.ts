/** The text of a file, decoded strictly: a byte that belongs to no character is named by its line, not replaced. */
import { LabError } from '../lib/errors.js';

/** UTF-8, with or without a mark at its beginning, and UTF-16 where a mark says so. */
export function decodeText(bytes: Uint8Array, file: string): string {
  const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null;
  try {
    return new TextDecoder(utf16 ?? 'utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const line = utf16 === null ? firstBrokenLine(bytes) : null;
    const where = line === null ? '' : `, line ${line}`;
    throw new LabError('usage', `${file}${where}: not ${utf16 === null ? 'UTF-8' : 'UTF-16'} text.`, {
      cause,
      remedy: `Save the whole file in one encoding, UTF-8${
        line === null ? '' : `; a text in Latin-1 or Windows-1252 is turned with: iconv -f WINDOWS-1252 -t UTF-8`
      }.`,
    });
  }
}

function firstBrokenLine(bytes: Uint8Array): number | null {
  const NEWLINE = 10;
  let [start, line] = [0, 1];
  const decoder = new TextDecoder('utf-8', { fatal: true });
  while (start <= bytes.length) {
    const found = bytes.indexOf(NEWLINE, start);
    const end = found < 0 ? bytes.length : found;
    try {
      decoder.decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end + 1;
    line++;
  }
  return null;
}
