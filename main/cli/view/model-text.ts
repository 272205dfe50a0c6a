/** Models as text: the list, what adding one would fetch, how it comes, what one is. */
import type { Fetching, HubPreview, Inspection } from '../../../preload/contract/model-sources.js';
import type { ListedModel } from '../../lab/models/listed.js';
import { bytes, duration, grouped, NONE, printable } from './format.js';
import { table } from './text.js';

/** Redrawn at most this often. */
const REDRAW_MS = 100;

export function modelTable(models: readonly ListedModel[]): string[] {
  const left = (title: string) => ({ title, align: 'left' as const });
  const right = (title: string) => ({ title, align: 'right' as const });
  const columns = [
    ...[left('model'), left('source'), left('architecture'), right('parameters'), left('dtype')],
    ...[right('size'), left('licence')],
  ];
  return table(
    columns,
    models.map(({ kind, reference, there, about }) => [
      printable(reference),
      kind,
      printable(about?.architecture ?? (there ? 'not readable' : 'not there any more')),
      about ? millions(about.parameters) : NONE,
      about?.dtype ?? NONE,
      about ? bytes(about.bytes) : NONE,
      printable(about?.licence ?? NONE),
    ]),
  );
}

export function previewText(preview: HubPreview): string[] {
  const { repository, commit, revision, about, files, missing, free, cache, page } = preview;
  const weights = files.filter(({ path }) => path.endsWith('.safetensors'));
  const here = about.bytes - missing;
  return [
    `${printable(repository)} at ${printable(revision)} (${commit.slice(0, 12)}), ${page}`,
    `  ${printable(about.architecture)}, ${millions(about.parameters)} parameters, ${about.dtype ?? 'unknown type'}, context ${grouped(about.context)}`,
    `  licence: ${licence(about.licence)}`,
    `  ${files.length} files, ${weights.length} of them weights: ${bytes(about.bytes)}${here > 0 ? `, ${bytes(here)} of it here` : ''}`,
    `  to fetch: ${missing === 0 ? 'nothing' : bytes(missing)}, into ${cache}${free === null ? '' : ` (${bytes(free)} free)`}`,
  ];
}

/** One line that is drawn anew while something comes. */
export function fetchLine(stream: NodeJS.WriteStream): {
  tell: (news: Exclude<Fetching, { kind: 'done' }>) => void;
  clear: () => void;
} {
  let [shown, last] = [false, 0];
  const clear = (): void => {
    if (shown) stream.write('\r\u001b[K');
    shown = false;
  };
  return {
    clear,
    tell: (news) => {
      if (news.kind === 'waiting') {
        clear();
        stream.write(`${printable(news.why)}; asking again in ${news.seconds} s\n`);
        return;
      }
      if (!stream.isTTY || Date.now() - last < REDRAW_MS) return;
      [shown, last] = [true, Date.now()];
      const { done, total, bytesPerSecond, secondsLeft, file } = news;
      const pace = bytesPerSecond === null ? '' : `, ${bytes(bytesPerSecond)}/s, ${duration(secondsLeft)} left`;
      stream.write(`\r\u001b[K${bytes(done)} of ${bytes(total)}${pace}  ${printable(file)}`);
    },
  };
}

export function inspectionText({ described: d, reference, folder, hub, training }: Inspection): string[] {
  const { files, bytes: size, dtypes } = d.weights;
  const ends = d.endTokens.map(({ id, text }) => `${printable(text)} (${id})`);
  const fits = ({ needed, fits: can }: { needed: number; fits: boolean }): string =>
    `about ${bytes(needed)}: ${can ? 'fits' : `does not fit (${bytes(training.available)} is free)`}`;
  const rows: [string, string][] = [
    [
      'architecture',
      `${d.architecture}: ${d.layers} layers, width ${d.hiddenSize}, ${d.heads} heads, ${d.kvHeads} of keys and values`,
    ],
    ['parameters', `${millions(d.parameters)} (${grouped(d.parameters)})`],
    [
      'weights',
      `${files} ${files === 1 ? 'file' : 'files'}, ${bytes(size)}, ${dtypes.join(' and ')}; ${bytes(d.memoryBytes)} in memory`,
    ],
    ['vocabulary', `${grouped(d.vocabulary)} tokens`],
    ['context', `${grouped(d.positions)} tokens`],
    ['asked by', d.chat ? 'its chat template' : 'plain text: it has no chat template'],
    ['ends with', ends.length > 0 ? ends.join(', ') : 'no token of its own: completions run to their limit'],
    ['licence', licence(d.licence)],
    ['place', printable(folder)],
    ...(hub
      ? [
          [
            'from',
            `${printable(hub.repository)}, ${hub.revision === hub.commit ? '' : `${printable(hub.revision)}: `}commit ${hub.commit}`,
          ] as [string, string],
        ]
      : []),
    ['training all', fits(training.full)],
    ['training LoRA', fits(training.lora)],
  ];
  const width = Math.max(...rows.map(([title]) => title.length));
  return [printable(reference), ...rows.map(([title, value]) => `  ${title.padEnd(width)}  ${value}`)];
}

function licence(name: string | null): string {
  return name === null ? 'not named in its card: look at its page' : printable(name);
}

function millions(count: number): string {
  if (count >= 1e9) return `${(count / 1e9).toFixed(2)} B`;
  return `${(count / 1e6).toFixed(count < 1e7 ? 2 : 0)} M`;
}
