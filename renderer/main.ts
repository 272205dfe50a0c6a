/** The page's entry: waits for the port that the preload hands over, then shows the lab. */
import { PORT_MESSAGE } from '../preload/contract/port.js';
import { clientPort, LabClient } from './lab-client.js';
import { mountLab } from './mount.js';

const lab = mountLab('#app');

window.addEventListener('message', (event) => {
  const port = event.ports[0];
  if (event.source === window && event.data === PORT_MESSAGE && port) lab.connect(new LabClient(clientPort(port)));
});
