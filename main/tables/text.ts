/**
 * The bytes of a text file as text: UTF-8, with or without a byte-order mark, or UTF-16 with one. Anything else is refused
 * with the line where it begins, for a guessed encoding changes what is read without a word.
 */
import { fault } from './table.js';

const LFS_POINTER = 'version https://git-lfs.github.com/spec/';
const REMEDY = 'Save the file as UTF-8, for example: iconv -f LATIN1 -t UTF-8 OLD > NEW.';

export function decodeText(bytes: Uint8Array, file: string): string {
  const text = decoded(bytes, file);
  if (text.startsWith(LFS_POINTER)) {
    throw fault(
      `${file} is a Git LFS pointer, not the file itself.`,
      'Fetch the file: git lfs pull, or download it again.',
    );
  }
  const nul = text.indexOf('\0');
  if (nul >= 0) {
    throw fault(
      `${file}, line ${lineAt(text, nul)}: a NUL character; this is no UTF-8 text, perhaps UTF-16 without a byte-order mark.`,
      'Save the file as UTF-8, for example: iconv -f UTF-16LE -t UTF-8 OLD > NEW.',
    );
  }
  return text;
}

function decoded(bytes: Uint8Array, file: string): string {
  const [a, b] = bytes;
  const wide = a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : null;
  try {
    // The decoder takes a byte-order mark away.
    return new TextDecoder(wide ?? 'utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    if (wide !== null) throw fault(`${file} begins as UTF-16 and is damaged further on.`, REMEDY, cause);
    const { line, byte } = firstWrong(bytes);
    throw fault(`${file}, line ${line}: not UTF-8 (byte 0x${byte.toString(16).toUpperCase()}).`, REMEDY, cause);
  }
}

/** Line by line, because a line break is never part of a longer UTF-8 character. */
function firstWrong(bytes: Uint8Array): { line: number; byte: number } {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for (let line = 1, start = 0; start <= bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start);
    const part = bytes.subarray(start, end < 0 ? bytes.length : end);
    try {
      decoder.decode(part);
    } catch {
      return { line, byte: part.find((byte, i) => byte >= 0x80 && !isCharacter(part, i)) ?? 0 };
    }
    if (end < 0) break;
    start = end + 1;
  }
  return { line: 1, byte: bytes[0] ?? 0 };
}

/** Whether some whole character covers this byte. */
function isCharacter(bytes: Uint8Array, at: number): boolean {
  for (let start = at; start >= Math.max(0, at - 3); start--) {
    const lead = bytes[start] ?? 0;
    const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 0;
    if (length === 0 || start + length <= at) continue;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(start, start + length));
      return true;
    } catch {
      return false;
    }
  }
  return false;
}

function lineAt(text: string, index: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < index; i = text.indexOf('\n', i + 1)) line++;
  return line;
}
