// The sockets of the embedded servers that this process runs. Their folders are new at each start, so documents and records of one
// server would name it differently each time, and by a path that is gone; they say `embedded` instead.

const folders = new Set<string>();

/** From now on the folder is known as an embedded server's. */
export function nameEmbeddedSocket(folder: string): void {
  folders.add(folder);
}

/** Whether the host of an address is the socket of an embedded server of this process. */
export function isEmbeddedSocket(host: string): boolean {
  return folders.has(host);
}
