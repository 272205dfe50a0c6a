/**
 * Lists that CSV turned into text: JSON's spelling or Python's (`['a', "b"]`). numpy's (`['a' 'b']`) is refused, for there it
 * cannot be told where an entry ends. Pure.
 */

/** Null where the text is no list. */
export function listFrom(text: string): unknown[] | null {
  const trimmed = text.trim();
  if (!trimmed.startsWith('[') || !trimmed.endsWith(']')) return null;
  try {
    const json: unknown = JSON.parse(trimmed);
    return Array.isArray(json) ? json : null;
  } catch {
    return pythonList(trimmed.slice(1, -1));
  }
}

const STRING = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*(,|$)/suy;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function pythonList(inner: string): string[] | null {
  if (inner.trim() === '') return [];
  const items: string[] = [];
  for (let at = 0; at < inner.length;) {
    STRING.lastIndex = at;
    const match = STRING.exec(inner);
    if (match === null) return null;
    items.push(unescaped(match[1] ?? match[2] ?? ''));
    at = STRING.lastIndex;
    // Python allows one comma after the last entry.
    if (match[3] === ',' && inner.slice(at).trim() === '') break;
  }
  return items;
}

function unescaped(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|(.))/gisu,
    (whole, hex?: string, wide?: string, one?: string) => {
      if (hex !== undefined || wide !== undefined) return String.fromCharCode(parseInt(hex ?? wide ?? '', 16));
      if (one === undefined) return whole;
      return ESCAPES[one] ?? (/['"\\]/.test(one) ? one : whole);
    },
  );
}
