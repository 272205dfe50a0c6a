/**
 * What the files of a domain's folder say together: its description, or every fault with file and line. The files are given
 * as texts, from a folder (domain-folder.ts) or from the record of a run, which keeps a copy of them.
 */
import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import {
  DOMAIN_FILE,
  type DomainDescription,
  type DomainFile,
  domainFileSchema,
  type DomainPrompts,
  LONGEST_PROMPT,
} from '../../preload/contract/domain-file.js';
import { promptFaults } from '../../preload/contract/recipe-prompts.js';
import { issuesOf, isRecord } from './recipe-issues.js';
import { readTopics } from './domain-topics.js';
import { sha256 } from '../lib/sha256.js';

/** Texts by the name of their file. */
export type DomainFiles = Readonly<Record<string, string>>;

export interface DomainFault {
  readonly file: string;
  /** From 1; null where it is about the whole file. */
  readonly line: number | null;
  readonly message: string;
}

export type DescribedDomain =
  | { readonly description: DomainDescription; readonly faults: readonly [] }
  | { readonly description: null; readonly faults: readonly DomainFault[] };

/** Equal for folders with equal texts. */
export function digestOf(files: DomainFiles): string {
  const entries = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
  return sha256(JSON.stringify(entries));
}

/** The other files that a domain.yaml names, whatever else is wrong with it. */
export function filesNamed(yaml: string): string[] {
  const raw = valueOf(parseDocument(yaml));
  if (!isRecord(raw)) return [];
  const named: unknown[] = [raw['topics']];
  const prompts = isRecord(raw['prompts']) ? raw['prompts'] : {};
  for (const role of ['challenger', 'solver']) {
    const part = prompts[role];
    if (isRecord(part)) named.push(...Object.values(part).map((text) => (isRecord(text) ? text['file'] : null)));
  }
  return [...new Set(named.filter((name): name is string => typeof name === 'string' && /^\w[\w .-]*$/.test(name)))];
}

export function describeDomain(files: DomainFiles): DescribedDomain {
  const source = new Source(files[DOMAIN_FILE] ?? '');
  const raw = source.broken.length > 0 ? null : source.value();
  if (source.broken.length > 0) return { description: null, faults: source.broken };
  if (!isRecord(raw)) return { description: null, faults: [source.fault([], 'must be a mapping of keys to values')] };
  const parsed = domainFileSchema.safeParse(raw, { reportInput: true });
  if (!parsed.success) {
    const issues = issuesOf(parsed.error, domainFileSchema);
    return { description: null, faults: issues.map(({ path, message }) => source.fault(path, message)) };
  }
  return assemble(parsed.data, files, source);
}

function assemble(domain: DomainFile, files: DomainFiles, source: Source): DescribedDomain {
  const faults: DomainFault[] = [];
  const read = (path: string[], name: string): string | null => {
    const text = files[name];
    if (text === undefined)
      faults.push(source.fault(path, `is ${JSON.stringify(name)}: no such file is in the folder`));
    else if (text.trim() === '') faults.push({ file: name, line: null, message: 'is empty' });
    else return text;
    return null;
  };
  const readPrompt = (path: string[], name: string): string | null => {
    const text = read(path, name);
    const length = ownText(text).length;
    if (length > LONGEST_PROMPT)
      faults.push({
        file: name,
        line: null,
        message: `has ${length} characters: a prompt has ${LONGEST_PROMPT} at most`,
      });
    return text;
  };
  const prompts = promptsOf(domain, readPrompt);
  for (const { role, part, message } of promptFaults(prompts, domain.topics !== null)) {
    faults.push(source.fault(['prompts', role, part], message));
  }
  const list = domain.topics === null ? null : read(['topics'], domain.topics);
  const topics = domain.topics === null || list === null ? null : readTopics(domain.topics, list);
  faults.push(...(topics?.faults ?? []));
  if (faults.length > 0) return { description: null, faults };
  return { description: { ...domain, prompts, topics: topics?.topics ?? null }, faults: [] };
}

function promptsOf({ prompts }: DomainFile, read: (path: string[], name: string) => string | null): DomainPrompts {
  const text = (words: string | { file: string }, path: string[]): string =>
    typeof words === 'string' ? words : ownText(read([...path, 'file'], words.file));
  const part = (role: 'challenger' | 'solver'): DomainPrompts['solver'] => {
    const { system, text: asked } = prompts[role];
    return {
      system: system === null ? null : text(system, ['prompts', role, 'system']),
      text: text(asked, ['prompts', role, 'text']),
    };
  };
  return { chat: prompts.chat, challenger: part('challenger'), solver: part('solver') };
}

/** An editor ends a file with a line break that is none of the prompt. */
const ownText = (text: string | null): string => (text ?? '').replace(/\n$/, '');

/** domain.yaml with the lines of its keys. */
class Source {
  private readonly lines = new LineCounter();
  private readonly document: Document;
  readonly broken: readonly DomainFault[];

  constructor(yaml: string) {
    this.document = parseDocument(yaml, { lineCounter: this.lines });
    this.broken = this.document.errors.map((error) => ({
      file: DOMAIN_FILE,
      line: error.linePos?.[0].line ?? null,
      message: `is not valid YAML: ${error.message.split('\n')[0] ?? ''}`,
    }));
  }

  value(): unknown {
    return valueOf(this.document);
  }

  /** A sentence with the place of a key in it; a key that is missing stands where its group begins. */
  fault(path: readonly PropertyKey[], message: string): DomainFault {
    const key = path.map(String).join('.');
    const words = message.startsWith('unknown key.')
      ? `unknown key "${key}".${message.slice('unknown key.'.length)}`
      : key === ''
        ? message
        : message.startsWith('is ')
          ? `${key} ${message}`
          : `${key}: ${message}`;
    return { file: DOMAIN_FILE, line: this.lineOf(path), message: words };
  }

  private lineOf(path: readonly PropertyKey[]): number | null {
    let node: unknown = this.document.contents;
    let offset = 0;
    for (const part of path) {
      if (!isMap(node)) break;
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === part);
      if (!pair) break;
      offset = (isScalar(pair.key) ? pair.key.range?.[0] : undefined) ?? offset;
      node = pair.value;
    }
    return this.lines.linePos(offset).line;
  }
}

/** Null where aliases would make a small text large. */
function valueOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return null;
  }
}

/** What is wrong with a key of a domain.yaml, with its line. */
export function faultAt(yaml: string, path: readonly string[], message: string): DomainFault {
  return new Source(yaml).fault(path, message);
}
