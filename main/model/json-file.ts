/** JSON files of a model folder, and their fields, each failure naming the file and the field. */
import { readFile } from 'node:fs/promises';
import { LabError } from '../lib/errors.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** The bytes of a file, or null where there is none. */
export async function readIfPresent(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return null;
    throw new LabError('model', `${path} cannot be read (${code ?? String(error)}).`, {
      cause: error,
      remedy: 'Check the permissions of the file.',
    });
  }
}

export function parseJsonObject(path: string, text: string): JsonObject {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new LabError('model', `${path} is not valid JSON: ${(cause as Error).message}.`, {
      cause,
      remedy: 'Download or copy the file again.',
    });
  }
  if (!isObject(parsed))
    throw new LabError('model', `${path} is not a JSON object.`, { remedy: 'Download or copy the file again.' });
  return parsed;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Typed access to the fields of one JSON object. A field that is absent or null takes the default. */
export class Fields {
  constructor(
    readonly path: string,
    readonly object: JsonObject,
    private readonly prefix = '',
  ) {}

  /** A whole number of at least `min`. */
  count(key: string, min: number, fallback?: number): number {
    return this.value(key, {
      fallback,
      expected: `a whole number ≥ ${min}`,
      test: (v) => Number.isSafeInteger(v) && (v as number) >= min,
    });
  }

  positive(key: string, fallback?: number): number {
    return this.value(key, {
      fallback,
      expected: 'a number > 0',
      test: (v) => Number.isFinite(v) && (v as number) > 0,
    });
  }

  flag(key: string, fallback: boolean): boolean {
    return this.value(key, { fallback, expected: 'true or false', test: (v) => typeof v === 'boolean' });
  }

  text(key: string, fallback: string): string {
    return this.value(key, { fallback, expected: 'a string', test: (v) => typeof v === 'string' });
  }

  nested(key: string): Fields | null {
    const value = this.object[key] ?? null;
    if (value === null) return null;
    if (!isObject(value)) throw this.wrong(key, 'an object');
    return new Fields(this.path, value, `${this.prefix}${key}.`);
  }

  has(key: string): boolean {
    return (this.object[key] ?? null) !== null;
  }

  wrong(key: string, expected: string): LabError {
    const found = JSON.stringify(this.object[key]) ?? 'nothing';
    return new LabError(
      'model',
      `${this.path}: "${this.prefix}${key}" must be ${expected}, found ${found.slice(0, 60)}.`,
      {
        remedy: 'Correct the file, or download it again.',
      },
    );
  }

  private value<T>(
    key: string,
    rule: { fallback: T | undefined; expected: string; test: (value: unknown) => boolean },
  ): T {
    const value = this.object[key] ?? rule.fallback;
    if (!rule.test(value)) throw this.wrong(key, rule.expected);
    return value as T;
  }
}
