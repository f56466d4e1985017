// The connections that build keys and indexes while workers copy: a few, opened when there is something to build, each with the share of the
// server's memory and of its parallel workers that leaves room for the others.
import type pg from 'pg';
import { ShapecastError } from '../core/errors.ts';
import { connect } from '../postgres/connect.ts';
import { endWithClient } from '../postgres/end-with-client.ts';
import { runQuery } from '../postgres/query.ts';

/** Hands out connections one by one, first come, first served. States: open -> ended. */
export class Builders {
  private readonly options: { readonly url: string; readonly sessionName: string; readonly limit: number };
  private readonly clients = new Set<pg.Client>();
  private readonly idle: pg.Client[] = [];
  private readonly waiting: (() => void)[] = [];
  private taken = 0;
  private isEnded = false;

  constructor(options: { readonly url: string; readonly sessionName: string; readonly limit: number }) {
    this.options = options;
  }

  /** Runs the action when a connection is free. Throws INTERRUPTED after the end. */
  async run<Result>(action: (client: pg.Client) => Promise<Result>): Promise<Result> {
    if (this.taken >= this.options.limit) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.taken += 1;
    try {
      const client = this.idle.pop() ?? (await this.open());
      const result = await action(client);
      this.idle.push(client);
      return result;
    } finally {
      // The place goes to the next one in line.
      const next = this.waiting.shift();
      if (next === undefined) this.taken -= 1;
      else next();
    }
  }

  /** Closes all connections; what runs on one fails. */
  async end(): Promise<void> {
    this.isEnded = true;
    await Promise.all([...this.clients].map((client) => client.end().catch(() => undefined)));
  }

  private async open(): Promise<pg.Client> {
    if (this.isEnded) throw new ShapecastError('INTERRUPTED', { what: 'generate' });
    const client = await connect(this.options.url, { applicationName: this.options.sessionName });
    this.clients.add(client);
    // The end may have come meanwhile, and has not seen this one.
    if (this.isEnded) {
      await client.end();
      throw new ShapecastError('INTERRUPTED', { what: 'generate' });
    }
    await endWithClient(client);
    await shareServer(client, this.options.limit);
    return client;
  }
}

/**
 * Sorting gets a quarter of the server's buffers over all builders, at most a gigabyte each (an index build uses no more with
 * profit) and never less than it had; parallel workers as the server has it, as far as all builders find some.
 */
async function shareServer(client: pg.Client, builders: number): Promise<void> {
  await runQuery(
    client,
    'sharing the memory',
    `select set_config('maintenance_work_mem', greatest(m.setting::int8, least(1048576, b.setting::int8 * 8 / 4 / $1::int8)) || 'kB', false),
            set_config('max_parallel_maintenance_workers', least(w.setting::int8, p.setting::int8 / $1::int8)::text, false)
     from pg_settings m, pg_settings b, pg_settings w, pg_settings p
     where m.name = 'maintenance_work_mem'
       and b.name = 'shared_buffers'
       and w.name = 'max_parallel_maintenance_workers'
       and p.name = 'max_parallel_workers'`,
    [builders],
  );
}
