/** Benchmarks as text: the list, what is in one, what came, and how fetching goes on. */
import type { BenchmarkLook, CatalogueEntry } from '../../benchmarks/catalogue.js';
import type { Got } from '../../benchmarks/get.js';
import type { FetchHow } from '../../benchmarks/hub/fetch.js';
import { originOf } from '../../benchmarks/shelf/manifest.js';
import { cut } from '../../lib/text.js';
import { bytes, counted, grouped, printable } from './format.js';
import { table, type Column } from './text.js';

const COLUMNS: readonly Column[] = [
  { title: 'name', align: 'left' },
  { title: 'questions', align: 'right' },
  { title: 'answers', align: 'left' },
  { title: 'k', align: 'right' },
  { title: 'here', align: 'left' },
  { title: 'from', align: 'left' },
];
const HERE: Readonly<Record<CatalogueEntry['here'], string>> = {
  ships: 'ships',
  yes: 'yes',
  cache: 'HF cache',
  no: '-',
};

export function benchmarkTable(entries: readonly CatalogueEntry[]): string[] {
  const rows = entries.map(({ name, questions, answers, samples, from, here }) => [
    ...[name, grouped(questions), answers ?? '(domain)', samples === null ? '' : String(samples), HERE[here]],
    printable(from),
  ]);
  const missing = entries.find(({ here }) => here === 'no');
  return [...table(COLUMNS, rows), ...(missing ? ['', `Fetch one: rzero benchmark get ${missing.name}`] : [])];
}

const LONGEST_QUESTION = 1200;
const MOST_SUBJECTS = 30;

export function benchmarkText(look: BenchmarkLook): string[] {
  const { name, title, ownFile, licence, answers, rule, samples, reading, questions, subjects, shown } = look;
  const kind =
    answers === null
      ? "as the run's domain reads them"
      : `${answers}${rule === null ? '' : `, rule of ${title ?? rule}`}`;
  const more = subjects.length > MOST_SUBJECTS ? ', …' : '';
  return [
    `${printable(name)}${title === null || title === name ? '' : ` (${ownFile ? 'with the columns of ' : ''}${title})`}, ${counted(questions, 'question')}`,
    `answers   ${kind}${samples === null ? '' : `; reported as mean@${samples}`}`,
    `read      ${reading}`,
    ...(licence === null ? [] : [`licence   ${licence}`]),
    ...(subjects.length === 0
      ? []
      : [
          `subjects  ${subjects
            .slice(0, MOST_SUBJECTS)
            .map((of) => `${printable(of.subject)} ${grouped(of.questions)}`)
            .join(', ')}${more}`,
        ]),
    ...shown.flatMap(({ question, answer, difficulty, subject, compared }) => [
      '',
      ...[
        `── ${subject === undefined ? '' : `${printable(subject)} `}${difficulty === null ? '' : `difficulty ${difficulty} `}`.trimEnd(),
      ],
      ...cut(question, LONGEST_QUESTION).split('\n').map(printable),
      `→ ${printable(answer)}${compared === null || compared === answer ? '' : `   (compared as ${printable(compared)})`}`,
    ]),
  ];
}

const CAME: Readonly<Record<Got['from'] | 'file', string>> = {
  here: 'was here already (--fresh fetches it anew)',
  cache: "was in the cache of Hugging Face's programs and is now kept",
  hub: 'is here',
  file: 'is kept',
};

export function gotText({
  manifest,
  from,
  warning,
}: Omit<Got, 'from'> & { readonly from: Got['from'] | 'file' }): string[] {
  const { name, questions, answers, set, files } = manifest;
  const size = files.reduce((sum, file) => sum + file.bytes, 0);
  const read = set === null ? 'as "question" and "answer"' : set === name ? '' : `as ${set}`;
  return [
    `${name} ${CAME[from]}: ${counted(questions, 'question')}${answers === null ? '' : ` (${answers})`}${read && `, read ${read}`}, ${bytes(size)}, from ${printable(originOf(manifest))}`,
    ...(warning === null ? [] : [`Note: ${warning}`]),
  ];
}

interface Notes {
  readonly hooks: Required<Pick<FetchHow, 'onFound' | 'onBytes' | 'onWait'>> & {
    readonly onInstead: (why: string) => void;
  };
  readonly clear: () => void;
}

/** What will be fetched and what is waited for, as lines; how far it is, as one line that changes, on a terminal. */
export function fetchNotes(stream: NodeJS.WriteStream): Notes {
  let shown = false;
  const clear = (): void => {
    if (shown) stream.write('\r\u001b[K');
    shown = false;
  };
  const line = (text: string): void => {
    clear();
    stream.write(`${printable(text)}\n`);
  };
  return {
    hooks: {
      onFound: (files, { id, commit }) => {
        const size = files.reduce((sum, file) => sum + file.bytes, 0);
        line(`${id}@${commit.slice(0, 12)}: ${files.map(({ path }) => path).join(', ')}, ${bytes(size)}`);
      },
      onBytes: (done, total) => {
        if (!stream.isTTY) return;
        shown = true;
        stream.write(`\r\u001b[K${bytes(done)} of ${bytes(total)}`);
      },
      onWait: (why, milliseconds) => line(`${why}; asking again in ${Math.ceil(milliseconds / 1000)} s`),
      onInstead: line,
    },
    clear,
  };
}
