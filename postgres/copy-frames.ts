// COPY as it is on the wire: whole CopyData messages, which source and target frame alike, so what one server sends the other takes as it is.
// Nothing is cut out or put together again for a row; only the five bytes before each are looked at, to find the end.
// https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-COPY
import { Readable, type Writable } from 'node:stream';
import type pg from 'pg';
import { copyFromStdin } from './copy-streams.ts';

/** The code of a message, and its length with itself but without the code. */
export const FRAME_HEADER = 5;
export const COPY_DATA = 0x64;
const COPY_DONE = 0x63;
const ERROR_RESPONSE = 0x45;
/** CopyOutResponse, and what a server may say in between: NoticeResponse, ParameterStatus, NotificationResponse. */
const SKIPPED = new Set([0x48, 0x4e, 0x53, 0x41]);

/** Cuts a server's bytes into whole CopyData messages; holds back the message that has not come whole. */
export class FrameCutter {
  private held: Buffer[] = [];
  private heldBytes = 0;
  private needed = FRAME_HEADER;

  /** `onFrames` is given runs of whole messages. Returns what follows the last of them once the rows are over, else null. */
  push(chunk: Buffer, onFrames: (frames: Buffer) => void): Buffer | null {
    this.held.push(chunk);
    this.heldBytes += chunk.length;
    // A row may be a gigabyte: it is put together once, when all of it is there.
    if (this.heldBytes < this.needed) return null;
    const data = this.held.length === 1 ? chunk : Buffer.concat(this.held);
    return this.cut(data, onFrames);
  }

  private cut(data: Buffer, onFrames: (frames: Buffer) => void): Buffer | null {
    let from = 0;
    let at = 0;
    let needed = FRAME_HEADER;
    const pass = () => {
      if (at > from) onFrames(data.subarray(from, at));
    };
    while (data.length - at >= FRAME_HEADER) {
      const code = data[at] ?? 0;
      if (code === ERROR_RESPONSE) {
        pass();
        return data.subarray(at);
      }
      needed = 1 + data.readUInt32BE(at + 1);
      if (data.length - at < needed) break;
      if (code !== COPY_DATA) {
        pass();
        if (code === COPY_DONE) return data.subarray(at + needed);
        if (!SKIPPED.has(code)) throw new Error('a message that no COPY sends');
        from = at + needed;
      }
      at += needed;
      needed = FRAME_HEADER;
    }
    pass();
    this.held = at < data.length ? [data.subarray(at)] : [];
    this.heldBytes = data.length - at;
    this.needed = needed;
    return null;
  }
}

/** What the driver's connection has besides its types: the socket, and the handler that reads it while no COPY does. */
interface Wire {
  readonly stream: Readable;
  query(statement: string): void;
}

class FramesOut extends Readable {
  /** Known at the end. */
  rowCount = 0;
  private readonly statement: string;
  private readonly cutter = new FrameCutter();
  private wire: Wire | null = null;
  private driverReads: (chunk: Buffer) => void = () => undefined;
  private readonly onReadable = () => this.forward();
  private isWanted = false;

  constructor(statement: string) {
    super();
    this.statement = statement;
  }

  /** Called by the driver when it is this statement's turn. */
  submit(connection: Wire): void {
    this.wire = connection;
    const { stream } = connection;
    const [driverReads] = stream.listeners('data');
    // The driver has one, which parses messages.
    this.driverReads = driverReads as (chunk: Buffer) => void;
    stream.removeListener('data', this.driverReads);
    stream.pause();
    stream.on('readable', this.onReadable);
    connection.query(this.statement);
  }

  override _read(): void {
    this.isWanted = true;
    this.forward();
  }

  private forward(): void {
    while (this.isWanted && this.wire !== null) {
      const chunk: Buffer | null = this.wire.stream.read();
      if (chunk === null) return;
      this.parse(chunk);
    }
  }

  private parse(chunk: Buffer): void {
    try {
      const rest = this.cutter.push(chunk, (frames) => {
        this.isWanted = this.push(frames);
      });
      if (rest !== null) this.giveBack(rest);
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error('an unreadable COPY'));
    }
  }

  /** What comes now is the driver's: the end of the statement, or its error. */
  private giveBack(rest: Buffer): void {
    const { driverReads, wire } = this;
    if (wire === null) return;
    this.wire = null;
    wire.stream.removeListener('readable', this.onReadable);
    wire.stream.on('data', driverReads);
    if (rest.length > 0) driverReads(rest);
    // Taking away a listener pauses the stream in the next tick.
    process.nextTick(() => wire.stream.resume());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    // Reads no more, so the server stops too, until its connection is ended.
    this.wire?.stream.removeListener('readable', this.onReadable);
    this.wire = null;
    done(error);
  }

  // The driver calls these, by what the server sends after the rows.

  handleCommandComplete({ text }: { readonly text?: string } = {}): void {
    this.rowCount = Number(/^COPY (\d+)$/.exec(text ?? '')?.[1] ?? 0);
    this.push(null);
  }

  handleError(error: Error): void {
    this.destroy(error);
  }

  handleReadyForQuery(): void {
    // The next statement is the driver's to send.
  }
}

/**
 * Starts a `copy ... to stdout`; read whole CopyData messages, a row each, any number at a time. Ends when the server says that all is sent;
 * its errors arrive on the stream. A connection whose stream is destroyed is of no further use.
 */
export function copyFramesOut(client: pg.Client, statement: string): Readable {
  return client.query(new FramesOut(statement));
}

/** What the messages hold: rows as a file of COPY has them. */
export function unframe(frames: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; at < frames.length; at += 1 + frames.readUInt32BE(at + 1))
    pieces.push(frames.subarray(at + FRAME_HEADER, at + 1 + frames.readUInt32BE(at + 1)));
  return pieces.length === 1 ? (pieces[0] ?? frames) : Buffer.concat(pieces);
}

/** Starts a `copy ... from stdin`; write whole CopyData messages, then end. Errors as with copyFromStdin. */
export function copyFramesIn(client: pg.Client, statement: string): Writable {
  const stream = copyFromStdin(client, statement);
  // The library would put each piece into one more message.
  const writeRaw = (frames: Buffer) => {
    const connection: unknown = Reflect.get(stream, 'connection');
    // Set when the statement was submitted, and the rows come later.
    return (connection as { stream: Writable }).stream.write(frames);
  };
  return Object.assign(stream, { flushChunk: writeRaw });
}
