/** The name under which main sends the preload a port, and the preload hands it to the page. Alone here: the preload carries no library. */
export const PORT_MESSAGE = 'rzero:port';
