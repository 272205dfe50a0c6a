/** The licence that a model's card names in its head: `license: apache-2.0`, or the name of one of its own. */
import { parse as parseYaml } from 'yaml';

/** Null where the text has no head, or the head no licence. @param card text of README.md */
export function licenceOf(card: string): string | null {
  const head = cardHead(card);
  if (head === null) return null;
  try {
    const { license, license_name: name } = (parseYaml(head) ?? {}) as Record<string, unknown>;
    const word = Array.isArray(license) ? license.join(', ') : license;
    if (word === 'other' && typeof name === 'string') return name;
    return typeof word === 'string' ? word : null;
  } catch {
    // A card with a broken head still has its text.
    return null;
  }
}

const HEAD = /^---\r?\n([\s\S]*?)\r?\n---\r?\n/;

function cardHead(card: string): string | null {
  return HEAD.exec(card)?.[1] ?? null;
}

/** What people are to read of it. */
export function cardText(card: string): string {
  return card.replace(HEAD, '').trim();
}
