/**
 * The two channels an engine process may be born with: Node's `fork` and Electron's `utilityProcess`, whose `parentPort` wraps
 * each message in an event. Nothing here needs the module 'electron'.
 */
import { LabError } from '../lib/errors.js';
import type { EnginePort } from './serve.js';

/** What Electron adds to `process` in a utility process. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

export function openChannel(): EnginePort {
  const parentPort = (process as { parentPort?: ParentPort }).parentPort;
  if (parentPort) {
    return {
      post: (message) => parentPort.postMessage(message),
      onMessage: (listener) => parentPort.on('message', (event) => listener(event.data)),
      // Electron ends its utility processes itself, and the checkpoint on disk is what is left.
      onDisconnect: () => undefined,
    };
  }
  if (!process.send) {
    throw new LabError('usage', 'The engine is started by the lab, not by hand.', { remedy: 'Use "rzero run".' });
  }
  return {
    post: (message) => {
      if (process.connected) process.send?.(message, undefined, {}, () => undefined);
    },
    onMessage: (listener) => void process.on('message', listener),
    onDisconnect: (listener) => void process.on('disconnect', listener),
  };
}
