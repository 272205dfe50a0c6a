/** No logic: hands the page the port that main sends it. */
import { ipcRenderer } from 'electron';
import { PORT_MESSAGE } from './contract/port.js';

/** What is used of the page, declared here because main and preload are compiled without the types of the DOM. */
declare const window: {
  readonly location: { readonly origin: string };
  postMessage(message: unknown, origin: string, transfer: readonly unknown[]): void;
};

ipcRenderer.on(PORT_MESSAGE, (event) => window.postMessage(PORT_MESSAGE, window.location.origin, event.ports));
