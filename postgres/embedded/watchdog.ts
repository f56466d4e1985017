// Ends the server when we die, however we die. An `exit` handler does not run after a signal, and a signal handler of ours would
// change how the program ends; a small shell that waits on a pipe sees the pipe close even after kill -9.
import { type ChildProcess, spawn } from 'node:child_process';

// $1: the server's process, the rest: folders to remove. Waits ten seconds at most for the server to go: nobody may reap it.
const script = `cat >/dev/null
kill -QUIT "$1" 2>/dev/null
i=0; while [ $i -lt 50 ] && kill -0 "$1" 2>/dev/null; do sleep 0.2; i=$((i+1)); done
shift
[ $# -eq 0 ] || rm -rf -- "$@"`;

/** Starts the watch over a server process; call the result when the server has ended. No-op on Windows, which has no shell. */
export function watchOverServer(serverProcessId: number, temporaryFolders: readonly string[]): () => void {
  if (process.platform === 'win32') return () => undefined;
  // Detached: Ctrl-C on a terminal goes to the whole foreground group, and the watchdog must outlive us.
  const shell = spawn('/bin/sh', ['-c', script, 'shapecast-watchdog', String(serverProcessId), ...temporaryFolders], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  shell.on('error', () => undefined);
  letGo(shell);
  return () => {
    shell.kill('SIGKILL');
  };
}

/** Lets our process end although the child still runs. */
export function letGo(child: ChildProcess): void {
  child.unref();
  const pipe = child.stdin;
  if (pipe !== null && 'unref' in pipe && typeof pipe.unref === 'function') pipe.unref();
}
