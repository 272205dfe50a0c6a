/** The compositions a decoder and its training are made of, each as it is written there: small, and whole. */
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';
import { floats, integers } from './case.js';
import type { Case } from './case.js';
import {
  at,
  logSoftmax,
  make,
  map,
  matMul,
  reduce,
  reshape,
  slice,
  softmax,
  sumOf,
  transpose,
  zip,
} from './reference.js';
import type { Reference } from './reference.js';

export const decoderCases = (): Case[] => [
  ...softmaxes(),
  rmsNorm(),
  swiGlu(),
  rope(),
  attention(),
  policyLoss(),
  adamw(),
];

function softmaxes(): Case[] {
  const x = floats('softmax', [2, 3, 7], -5, 5);
  const masked = { ...x, data: x.data.map((value, i) => (i % 7 > 3 ? -1e9 : value)) };
  return [
    {
      name: 'softmax',
      inputs: [x],
      run: ([t]) => tf.softmax(t!),
      reference: ([t]) => softmax(t!),
      differentiable: [0],
    },
    { name: 'softmax, masked', inputs: [masked], run: ([t]) => tf.softmax(t!), reference: ([t]) => softmax(t!) },
    {
      name: 'logSoftmax',
      inputs: [x],
      run: ([t]) => tf.logSoftmax(t!),
      reference: ([t]) => logSoftmax(t!),
      differentiable: [0],
    },
  ];
}

function rmsNorm(): Case {
  return {
    name: 'RMSNorm',
    inputs: [floats('rms', [3, 4, 6]), floats('scale', [6])],
    run: ([x, w]) => tf.mul(tf.mul(x!, tf.rsqrt(tf.add(tf.mean(tf.square(x!), -1, true), 1e-6))), w!),
    reference: ([x, w]) => {
      const scale = reduce(x!, -1, (v) => 1 / Math.sqrt(sumOf(v.map((y) => y * y)) / v.length + 1e-6), true);
      return zip(
        zip(x!, scale, (a, b) => a * b),
        w!,
        (a, b) => a * b,
      );
    },
    differentiable: [0, 1],
  };
}

const silu = (x: number): number => x / (1 + Math.exp(-x));

function swiGlu(): Case {
  return {
    name: 'SwiGLU over a fused weight',
    inputs: [floats('mlp', [4, 5]), floats('gateUp', [5, 12], -0.5, 0.5), floats('down', [6, 5], -0.5, 0.5)],
    run: ([x, gateUp, down]) => {
      const [gate, up] = tf.split(tf.matMul(x!, gateUp!), 2, 1) as [Tensor, Tensor];
      return tf.matMul(tf.mul(tf.mul(gate, tf.sigmoid(gate)), up), down!);
    },
    reference: ([x, gateUp, down]) => {
      const both = matMul(x!, gateUp!);
      const gate = map(slice(both, [0, 0], [4, 6]), silu);
      return matMul(
        zip(gate, slice(both, [0, 6], [4, 6]), (a, b) => a * b),
        down!,
      );
    },
    differentiable: [0, 1, 2],
  };
}

function rope(): Case {
  const angle = (position: number, pair: number): number => position * 100 ** (-pair / 2);
  return {
    name: 'RoPE by halves',
    inputs: [floats('rope', [2, 2, 3, 4])],
    run: ([x]) => {
      const angles = [0, 1, 2].map((position) => [angle(position, 0), angle(position, 1)]);
      const [cos, sin] = [Math.cos, Math.sin].map((f) => tf.tensor2d(angles.map((row) => row.map(f)))) as [
        Tensor,
        Tensor,
      ];
      const [a, b] = tf.split(x!, 2, -1) as [Tensor, Tensor];
      return tf.concat([tf.sub(tf.mul(a, cos), tf.mul(b, sin)), tf.add(tf.mul(b, cos), tf.mul(a, sin))], -1);
    },
    reference: ([x]) =>
      make([2, 2, 3, 4], ([b, h, t, i]) => {
        const theta = angle(t!, i! % 2);
        const [first, second] = [at(x!, [b!, h!, t!, i! % 2]), at(x!, [b!, h!, t!, (i! % 2) + 2])];
        return i! < 2
          ? first * Math.cos(theta) - second * Math.sin(theta)
          : second * Math.cos(theta) + first * Math.sin(theta);
      }),
    differentiable: [0],
  };
}

/** Two query heads share a key head; the mask is causal. */
function attention(): Case {
  const [B, KV, G, T, D] = [2, 2, 2, 3, 4];
  return {
    name: 'causal attention with grouped queries',
    inputs: [floats('q', [B, KV * G, T, D]), floats('k', [B, KV, T, D]), floats('v', [B, KV, T, D])],
    run: ([q, k, v]) => {
      const places = tf.range(0, T, 1, 'int32');
      const seen = tf.lessEqual(tf.expandDims(places, 0), tf.expandDims(places, 1));
      const mask = tf.where(seen, tf.zeros([T, T]), tf.fill([T, T], -1e9));
      const scores = tf.mul(tf.matMul(tf.reshape(q!, [B, KV, G * T, D]), k!, false, true), 1 / Math.sqrt(D));
      const weights = tf.softmax(tf.add(tf.reshape(scores, [B, KV, G, T, T]), mask));
      const mixed = tf.matMul(tf.reshape(weights, [B, KV, G * T, T]), v!);
      return tf.reshape(tf.transpose(tf.reshape(mixed, [B, KV * G, T, D]), [0, 2, 1, 3]), [B, T, KV * G * D]);
    },
    reference: ([q, k, v]) => {
      const repeat = (x: Reference): Reference =>
        make([B, KV * G, T, D], ([b, h, t, d]) => at(x, [b!, Math.floor(h! / G), t!, d!]));
      const scores = map(matMul(q!, repeat(k!), false, true), (x) => x / Math.sqrt(D));
      const weights = softmax(make(scores.shape, ([b, h, i, j]) => (j! > i! ? -1e9 : at(scores, [b!, h!, i!, j!]))));
      return reshape(transpose(matMul(weights, repeat(v!)), [0, 2, 1, 3]), [B, T, KV * G * D]);
    },
    differentiable: [0, 1, 2],
  };
}

/** The log-probability of the taken tokens, their clipped ratio and the k3 estimate of KL. */
function policyLoss(): Case {
  const [N, V] = [4, 5];
  return {
    name: 'clipped policy loss with k3 KL',
    inputs: [floats('logits', [N, V]), integers([N], [3, 0, 4, 4]), floats('old', [N], -2.2, -1), floats('adv', [N])],
    run: ([logits, ids, old, advantage]) => {
      const taken = tf.sum(tf.mul(tf.oneHot(ids as Tensor1D, V), tf.logSoftmax(logits!)), -1);
      const ratio = tf.exp(tf.sub(taken, old!));
      const clipped = tf.mul(tf.clipByValue(ratio, 0.8, 1.2), advantage!);
      const difference = tf.sub(old!, taken);
      const kl = tf.sub(tf.sub(tf.exp(difference), difference), 1);
      return tf.sub(tf.mul(kl, 0.04), tf.minimum(tf.mul(ratio, advantage!), clipped));
    },
    reference: ([logits, ids, old, advantage]) => {
      const all = logSoftmax(logits!);
      return make([N], ([i]) => {
        const difference = at(old!, [i!]) - at(all, [i!, at(ids!, [i!])]);
        const ratio = Math.exp(-difference);
        const a = at(advantage!, [i!]);
        const clipped = Math.min(Math.max(ratio, 0.8), 1.2) * a;
        return 0.04 * (Math.exp(difference) - difference - 1) - Math.min(ratio * a, clipped);
      });
    },
    differentiable: [0],
  };
}

function adamw(): Case {
  const [b1, b2, epsilon, decay] = [0.9, 0.95, 1e-8, 0.1];
  const shape = [3, 4];
  return {
    name: 'AdamW, with rate and corrections as inputs',
    inputs: [
      floats('p', shape),
      floats('g', shape),
      floats('m', shape, -0.1, 0.1),
      floats('v2', shape, 0.01, 0.1),
      floats('rate', [], 0.1, 0.2),
      floats('correct', [2], 0.3, 0.9),
    ],
    run: ([p, g, m, v, rate, corrections]) => {
      const [c1, c2] = tf.unstack(corrections!) as [Tensor, Tensor];
      const m1 = tf.add(tf.mul(m!, b1), tf.mul(g!, 1 - b1));
      const v1 = tf.add(tf.mul(v!, b2), tf.mul(tf.square(g!), 1 - b2));
      const step = tf.div(tf.div(m1, c1), tf.add(tf.sqrt(tf.div(v1, c2)), epsilon));
      return [tf.sub(tf.mul(p!, tf.sub(1, tf.mul(rate!, decay))), tf.mul(rate!, step)), m1, v1];
    },
    reference: ([p, g, m, v, rate, corrections]) => {
      const m1 = zip(m!, g!, (a, b) => b1 * a + (1 - b1) * b);
      const v1 = zip(v!, g!, (a, b) => b2 * a + (1 - b2) * b * b);
      const [c1, c2] = corrections!.data as [number, number];
      const step = zip(m1, v1, (a, b) => a / c1 / (Math.sqrt(b / c2) + epsilon));
      const lr = rate!.data[0] as number;
      return [
        zip(
          map(p!, (x) => x * (1 - lr * decay)),
          step,
          (a, b) => a - lr * b,
        ),
        m1,
        v1,
      ];
    },
  };
}
