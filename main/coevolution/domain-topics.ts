/** The topics of a domain: one a line, or a list in YAML. */
import { parse as parseYaml } from 'yaml';
import { LONGEST_TOPIC, MOST_TOPICS } from '../../preload/contract/domain-file.js';
import type { DomainFault } from './domain-files.js';

interface Topics {
  readonly topics: readonly string[];
  readonly faults: readonly DomainFault[];
}

/** In the order of the file. Empty lines, and lines that begin with #, are passed over. */
export function readTopics(file: string, text: string): Topics {
  const fault = (line: number | null, message: string): DomainFault => ({ file, line, message });
  const entries = /\.ya?ml$/.test(file) ? listed(text) : lined(text);
  if (entries === null) return { topics: [], faults: [fault(null, 'must be a YAML list of texts')] };
  const faults: DomainFault[] = [];
  const seen = new Map<string, number>();
  for (const { topic, line } of entries) {
    const before = seen.get(topic.toLowerCase());
    if (before !== undefined) faults.push(fault(line, `${JSON.stringify(topic)} stands on line ${before} already`));
    else seen.set(topic.toLowerCase(), line);
    if (topic.length > LONGEST_TOPIC) {
      faults.push(fault(line, `has ${topic.length} characters: a topic has at most ${LONGEST_TOPIC}`));
    }
  }
  if (entries.length === 0) faults.push(fault(null, 'holds no topic'));
  if (entries.length > MOST_TOPICS) {
    faults.push(fault(null, `holds ${entries.length} topics: at most ${MOST_TOPICS} can be drawn from`));
  }
  return { topics: entries.map(({ topic }) => topic), faults };
}

interface Entry {
  readonly topic: string;
  readonly line: number;
}

function lined(text: string): Entry[] {
  return text
    .split('\n')
    .map((line, i) => ({ topic: line.trim(), line: i + 1 }))
    .filter(({ topic }) => topic !== '' && !topic.startsWith('#'));
}

function listed(text: string): Entry[] | null {
  let raw: unknown;
  try {
    raw = parseYaml(text);
  } catch {
    return null;
  }
  if (!Array.isArray(raw) || !raw.every((topic) => typeof topic === 'string')) return null;
  // A list says no lines; its entries are counted.
  return raw.map((topic, i) => ({ topic: topic.trim(), line: i + 1 })).filter(({ topic }) => topic !== '');
}
