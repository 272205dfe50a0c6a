/** The parts of the loop that are no model, as what they are given doubles: clustering, counting votes, recording. */
import { nearDuplicates } from '../../../main/coevolution/near-duplicates.js';
import { tally } from '../../../main/coevolution/labelling/vote.js';
import { domainNamed } from '../../../main/coevolution/named-domain.js';
import { clusterByBleu } from '../../../main/coevolution/rewards/clusters.js';
import { RandomKey } from '../../../main/lib/random.js';
import { Database } from '../../../main/store/database.js';
import { RunRecorder } from '../../../main/store/record.js';
import { createRun } from '../../../main/store/runs.js';
import { cursorAt, temporaryDirectory, testRecipe, writeUnit } from '../../support/store-fixtures.js';
import type { Cost, Work } from './cost.js';

const key = RandomKey.of(1, 'loop-costs');

export function loopCosts(): Cost[] {
  return [
    {
      part: 'clustering of a Challenger batch',
      grows: 'questions B',
      sizes: [128, 256, 512, 1024],
      prepare: clustering,
    },
    {
      part: 'near-duplicates of a curriculum',
      grows: 'questions N',
      sizes: [1000, 2000, 4000, 8000],
      prepare: duplicates,
    },
    { part: 'counting votes', grows: 'questions N', sizes: [2000, 4000, 8000, 16000], prepare: (n) => counting(n, 10) },
    { part: 'counting votes', grows: 'votes m', sizes: [8, 16, 32, 64], prepare: (m) => counting(4000, m) },
    { part: 'recording', grows: 'questions N', sizes: [500, 1000, 2000, 4000], prepare: recording },
  ];
}

/** Sentences of 30 to 90 words in which common words are common (Zipf). */
function sentences(count: number): string[] {
  const random = key.child('words').stream();
  const word = (): string => `w${Math.floor(1 / (random.uniform() + 1 / 3000))}`;
  return Array.from({ length: count }, () => Array.from({ length: 30 + random.int(61) }, word).join(' '));
}

function clustering(size: number): Work {
  const domain = domainNamed('math');
  const texts = sentences(size).map((text) => domain.bleuTokens(text));
  return { run: () => clusterByBleu(texts, { threshold: 0.5, smoothing: domain.bleuSmoothing }) };
}

function duplicates(size: number): Work {
  const domain = domainNamed('math');
  const options = {
    normalise: (question: string) => domain.normaliseQuestion(question),
    bleuTokens: (question: string) => domain.bleuTokens(question),
    smoothing: domain.bleuSmoothing,
    ...{ threshold: 0.3, keepPerCluster: 1 },
  };
  const questions = sentences(size);
  return { run: () => nearDuplicates(questions, options) };
}

/** From completions to labels: the answer of each is found, brought to its canonical form and counted. */
function counting(questions: number, votes: number): Work {
  const domain = domainNamed('word-problems');
  const random = key.child('votes').stream();
  const texts = Array.from({ length: questions }, () =>
    Array.from({ length: votes }, () => `12 + 30 = 42\n42 - 2 = 40\n\\boxed{${40 + random.int(4)}}`),
  );
  return {
    run: () =>
      texts.map((group) =>
        tally(
          group.map((text) => {
            const answer = domain.extractAnswer(text, 'stop');
            return answer === null ? null : domain.canonicalAnswer(answer);
          }),
        ),
      ),
  };
}

function recording(questions: number): Work {
  const place = temporaryDirectory();
  const db = Database.open(place.path);
  let seq = 0;
  const recorder = RunRecorder.open(db, createRun(db, { recipe: testRecipe() }));
  return {
    run: () => {
      seq++;
      recorder.commit(seq, cursorAt(seq), (target) => writeUnit({ ...target, seq }, questions));
    },
    close: () => {
      db.close();
      place.remove();
    },
  };
}
